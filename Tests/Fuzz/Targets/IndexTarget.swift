import Autograd
import Checkpoints
import Foundation
import Kernels
import LanguageModel
import SeededRandomness

/// The reader of `model.safetensors.index.json`, beside a file that has all tensors and its copy.
struct IndexTarget: FuzzTarget {
    static let name = "index"
    private static let shard = "model-00001-of-00001.safetensors"
    private static let configuration = DecoderConfiguration(
        vocabularySize: 3,
        contextLength: 2,
        width: 2,
        layerCount: 1,
        headCount: 1
    )

    let fileName = "model.safetensors.index.json"
    let dictionary = [
        "\"metadata\":", "\"weight_map\":", "\"total_size\":", "{", "}", "\"", ":", ",", "../", "/",
        "..", ".safetensors", "b.safetensors", "config.json", "\\u0000", "\\ud800", "1e3", "-1",
        "null",
        "true", "99999999999999999999", "\"wte.weight\"", "\"h.0.ln_1.bias\"", "\0", "\n",
    ].map { Array($0.utf8) }

    func seeds() -> [[UInt8]] {
        let names = DecoderParameters.layout(of: Self.configuration).entries.map {
            "\"\($0.name)\":\"\(Self.shard)\""
        }
        let map = "\"weight_map\":{\(names.joined(separator: ","))}}"
        return ["{\"metadata\":{\"format\":\"pt\"},\(map)", "{\(map)"].map { Array($0.utf8) }
    }

    /// The files beside the index, made once.
    private func prepare(_ folder: String) throws {
        guard !FileManager.default.fileExists(atPath: folder + "/config.json") else { return }
        var generator = SplitMix64(seed: 1)
        let parameters = DecoderParameters(initializing: Self.configuration, using: &generator)
        for name in [Self.shard, "b.safetensors"] {
            try SafetensorsWriter().write(
                parameters.layout,
                parameters.values,
                as: .float32,
                to: folder + "/" + name
            )
        }
        let json = Self.configuration.huggingFaceJSON(endOfText: 0)
        try Data(json.utf8).write(to: URL(filePath: folder + "/config.json"))
    }

    func run(folder: String, bytes: [UInt8]) throws -> String {
        try prepare(folder)
        let parameters = try ModelFolder(path: folder).loadParameters()
        let values = parameters.values.values(0..<parameters.values.count)
        precondition(values.contains { $0 != 0 } && values.allSatisfy(\.isFinite))
        return "accepted"
    }
}
