package import LanguageModel

extension ModelFolder {
    /// How weights are stored.
    package enum Format: Sendable {
        /// `model.safetensors`, Float32.
        case safetensors
        /// `model.safetensors`, half as large, rounded to 11 significant bits.
        case halfPrecisionSafetensors
        /// `model.h5` with its sidecar.
        case hdf5
    }

    /// Writes `config.json` and the weights into a folder that exists.
    ///
    /// With `vocab.json` and `merges.txt` beside them, transformers opens the folder unchanged.
    ///
    /// - Parameters:
    ///   - parameters: The model.
    ///   - folder: Where to write; files of these names are replaced.
    ///   - format: How to store the weights.
    ///   - endOfText: The tokenizer's id of end-of-text.
    ///   - beginningOfText: The id that begins a text, if it is another.
    ///   - productVersion: Recorded in `model.h5`.
    ///   - isPrivate: Mode 0600 instead of 0644.
    /// - Throws: `CheckpointError`; each earlier file is then untouched.
    package static func write(
        _ parameters: DecoderParameters,
        to folder: String,
        as format: Format,
        endOfText: Int32,
        beginningOfText: Int32? = nil,
        productVersion: String,
        isPrivate: Bool = false
    ) throws(CheckpointError) {
        try Storage.removePartialFiles(in: folder)
        switch format {
        case .safetensors, .halfPrecisionSafetensors:
            try SafetensorsWriter().write(
                parameters,
                as: format == .safetensors ? .float32 : .float16,
                to: folder + "/" + safetensorsName,
                isPrivate: isPrivate
            )
        case .hdf5:
            let header = CheckpointHeader(
                step: 0,
                configuration: parameters.configuration,
                state: "",
                productVersion: productVersion
            )
            try CheckpointWriter.write(
                header,
                [CheckpointSection(.parameters, parameters.layout, parameters.values)],
                to: folder + "/" + hdf5Name,
                isPrivate: isPrivate
            )
        }
        let json = parameters.configuration.huggingFaceJSON(
            endOfText: endOfText,
            beginningOfText: beginningOfText
        )
        try Storage.replace(folder + "/config.json") { partial throws(CheckpointError) in
            var file = try OutputFile(creating: partial, isPrivate: isPrivate)
            try file.write(Array(json.utf8))
            _ = try file.synchronize()
        }
    }
}
