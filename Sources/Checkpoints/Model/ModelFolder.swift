package import LanguageModel

/// A folder that holds a GPT-2 model: `config.json` and weights.
///
/// Weights are `model.safetensors` (Hugging Face's or ours), `model.h5` with its sidecar (ours), or
/// the newest checkpoint of a run.
package struct ModelFolder: Sendable {
    /// Where the folder lies.
    package let path: String
    /// The shape of the model.
    package let configuration: GPT2Configuration

    /// Opens a folder and reads its `config.json`.
    package init(path: String) throws(CheckpointError) {
        let file = path + "/config.json"
        let json = try InputFile(file).contents(limit: GPT2Configuration.longestConfigurationFile)
        do throws(GPT2ConfigurationError) {
            configuration = try GPT2Configuration(huggingFaceJSON: json)
        } catch {
            throw .configuration(path: file, problem: error)
        }
        self.path = path
    }

    /// Reads the weights; names, shapes and finiteness are checked.
    ///
    /// - Throws: `CheckpointError` also if the newest checkpoint of a run is damaged and an earlier
    ///   one is not: `finetune --resume` goes on from that one.
    package func loadParameters() throws(CheckpointError) -> GPT2Parameters {
        let names = try Storage.names(in: path)
        if names.contains(Self.safetensorsName) {
            return try SafetensorsModel(configuration).load(path + "/" + Self.safetensorsName)
        }
        if names.contains(Self.hdf5Name) {
            return try load(CheckpointReader(path: path + "/" + Self.hdf5Name))
        }
        if names.contains(where: { CheckpointSchema.step(ofFileName: $0) != nil }) {
            let (reader, damaged) = try CheckpointReader.openNewest(in: path)
            // Weights of an earlier step are not what was asked for.
            if let newest = damaged.first { throw newest }
            return try load(reader)
        }
        if names.contains("model.safetensors.index.json") {
            throw .model(path: path, problem: "its weights are split over several files")
        }
        if names.contains("pytorch_model.bin") {
            throw .model(
                path: path,
                problem: "its weights are a pickle, pytorch_model.bin, which can run code when "
                    + "it is opened; save it again with transformers as model.safetensors"
            )
        }
        throw .model(path: path, problem: "it has neither model.safetensors nor model.h5")
    }

    /// The averaged parameters of a checkpoint if it has any, else the parameters; adapters, if
    /// there are any, are merged into them.
    private func load(_ reader: CheckpointReader) throws(CheckpointError) -> GPT2Parameters {
        guard reader.header.configuration == configuration else {
            throw .model(path: path, problem: "config.json is not the one of the weights")
        }
        let parameters = GPT2Parameters(zeros: configuration)
        let section: CheckpointSchema.Section =
            reader.sections.contains(.average) ? .average : .parameters
        try reader.read(section, into: parameters.values, layout: parameters.layout)
        guard let rank = reader.adapterRank else { return parameters }
        let adapters = GPT2Adapters(zeros: configuration, rank: rank)
        try reader.read(.adapters, into: adapters.values, layout: adapters.layout)
        return adapters.merged(into: parameters)
    }

    static let safetensorsName = "model.safetensors"
    static let hdf5Name = "model.h5"
}
