import Foundation
import Testing

extension Workspace {
    /// Trains a tiny model for a moment, in the folder `base`, and returns its path.
    func tinyModel() throws -> String {
        let data = try posts(200)
        let tokenizer = try Tool.run([
            "tokenizer", "train", "--data", data, "--vocab-size", "600", "--out",
            path("tokenizer"),
        ])
        #expect(tokenizer.status == 0, "\(tokenizer.errors)")
        let vocabulary = try Data(contentsOf: folder.appending(path: "tokenizer/vocab.json"))
        let tokens = try #require(
            JSONSerialization.jsonObject(with: vocabulary) as? [String: Int]
        ).count
        try write(
            """
            {"model_type": "gpt2", "vocab_size": \(tokens), "n_positions": 64, "n_embd": 32, \
            "n_layer": 2, "n_head": 2}
            """,
            to: "shape.json"
        )
        let base = try Tool.run([
            "pretrain", "--data", data, "--config", path("shape.json"), "--tokenizer",
            path("tokenizer"), "--epochs", "1", "--out", path("base"), "--json", "--quiet",
        ])
        #expect(base.status == 0, "\(base.errors)")
        return path("base")
    }
}
