package import LanguageModel

/// The weights of a model folder: found and opened, to be read later.
///
/// A checkpoint is compared with its digest when it is opened, and not again. Not Sendable: it may
/// own an open file.
package struct ModelWeights {
    /// Where they lie.
    enum Source {
        case safetensors(path: String)
        /// The files of an index.
        case shards(index: String)
        /// The newest valid checkpoint, and why newer files were passed over.
        case checkpoint(CheckpointReader, damaged: [CheckpointError])
    }

    private let folder: ModelFolder
    private let source: Source

    init(of folder: ModelFolder, in source: Source) {
        self.folder = folder
        self.source = source
    }

    /// What the newest valid checkpoint says about itself; nil for weights that are in none.
    package var header: CheckpointHeader? {
        switch source {
        case .safetensors, .shards: nil
        case .checkpoint(let reader, _): reader.header
        }
    }

    /// The shape of the model.
    package var configuration: DecoderConfiguration { folder.configuration }

    /// SHA-256 of the file that they lie in; of several, of the lines of their sums.
    package func fileDigest() throws(CheckpointError) -> String {
        switch source {
        case .safetensors(let path): return try FileDigest(of: path).description
        case .checkpoint(let reader, _): return try FileDigest(of: reader.path).description
        case .shards(let index):
            var lines: [UInt8] = []
            for path in try SafetensorsIndex(path: index).open().paths {
                lines += try FileDigest(of: path).sidecar(for: path)
            }
            return FileDigest(of: lines).description
        }
    }

    /// Reads the weights; names, shapes and finiteness are checked.
    ///
    /// - Throws: `CheckpointError` also if the newest checkpoint of a run is damaged and an earlier
    ///   one is not: `finetune --resume` goes on from that one.
    package func read() throws(CheckpointError) -> DecoderParameters {
        switch source {
        case .safetensors(let path):
            return try SafetensorsModel(folder.configuration, path: path)
                .load(SafetensorsFiles(paths: [path]))
        case .shards(let path):
            return try SafetensorsModel(folder.configuration, path: path)
                .load(SafetensorsIndex(path: path).open())
        case .checkpoint(let reader, let damaged):
            // Weights of an earlier step are not what was asked for.
            if let newest = damaged.first { throw newest }
            return try read(reader)
        }
    }

    /// The parameters of a checkpoint; adapters, if there are any, are merged into them.
    private func read(_ reader: CheckpointReader) throws(CheckpointError) -> DecoderParameters {
        guard reader.header.configuration == folder.configuration else {
            throw .model(path: folder.path, problem: "config.json is not the one of the weights")
        }
        let parameters = DecoderParameters(zeros: folder.configuration)
        try reader.read(.parameters, into: parameters.values, layout: parameters.layout)
        guard let rank = reader.adapterRank else { return parameters }
        let adapters = DecoderAdapters(zeros: folder.configuration, rank: rank)
        try reader.read(.adapters, into: adapters.values, layout: adapters.layout)
        return adapters.merged(into: parameters)
    }
}
