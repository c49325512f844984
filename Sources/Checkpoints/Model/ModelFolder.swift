package import LanguageModel

/// A folder that holds a decoder: `config.json` and weights.
///
/// Weights are `model.safetensors` (Hugging Face's or ours), the files that
/// `model.safetensors.index.json` names, `model.h5` with its sidecar (ours), or
/// the newest checkpoint of a run.
package struct ModelFolder: Sendable {
    /// Where the folder lies.
    package let path: String
    /// The shape of the model.
    package let configuration: DecoderConfiguration

    /// Opens a folder and reads its `config.json`.
    package init(path: String) throws(CheckpointError) {
        let file = path + "/config.json"
        let json = try InputFile(file).contents(
            limit: DecoderConfiguration.longestConfigurationFile
        )
        do throws(DecoderConfigurationError) {
            configuration = try DecoderConfiguration(huggingFaceJSON: json)
        } catch {
            throw .configuration(path: file, problem: error)
        }
        self.path = path
    }

    /// Opens and reads the weights.
    ///
    /// - Throws: `CheckpointError`.
    package func loadParameters() throws(CheckpointError) -> DecoderParameters {
        try openWeights().read()
    }

    /// Finds the weights and opens them.
    ///
    /// - Throws: `CheckpointError`; for a run, only if none of its checkpoints is valid.
    package func openWeights() throws(CheckpointError) -> ModelWeights {
        let names = try Storage.names(in: path)
        if names.contains(Self.safetensorsName) {
            let file = path + "/" + Self.safetensorsName
            return ModelWeights(of: self, in: .safetensors(path: file))
        }
        if names.contains(SafetensorsIndex.name) {
            return ModelWeights(of: self, in: .shards(index: path + "/" + SafetensorsIndex.name))
        }
        if names.contains(Self.hdf5Name) {
            let reader = try CheckpointReader(path: path + "/" + Self.hdf5Name)
            return ModelWeights(of: self, in: .checkpoint(reader, damaged: []))
        }
        if names.contains(where: { CheckpointSchema.step(ofFileName: $0) != nil }) {
            let (reader, damaged) = try CheckpointReader.openNewest(in: path)
            return ModelWeights(of: self, in: .checkpoint(reader, damaged: damaged))
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

    static let safetensorsName = "model.safetensors"
    static let hdf5Name = "model.h5"
}
