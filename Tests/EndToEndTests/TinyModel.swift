import Foundation
import Testing

/// A model that was trained for a second on public posts, made once for all suites.
enum TinyModel {
    private static let workspace = Result { try make() }

    /// The model's folder.
    static func path() throws -> String { try workspace.get().path("base") }

    /// The tokenizer's folder.
    static func tokenizer() throws -> String { try workspace.get().path("tokenizer") }

    private static func make() throws -> Workspace {
        let workspace = try Workspace()
        atexit { TinyModel.remove() }
        let data = try workspace.posts(400)
        let tokenizer = try Tool.run([
            "tokenizer", "train", "--data", data, "--vocab-size", "512", "--out",
            workspace.path("tokenizer"),
        ])
        #expect(tokenizer.status == 0, "\(tokenizer.errors)")
        try workspace.write(
            """
            {"model_type": "gpt2", "vocab_size": 512, "n_positions": 64, "n_embd": 32, \
            "n_layer": 2, "n_head": 2}
            """,
            to: "shape.json"
        )
        let base = try Tool.run([
            "pretrain", "--data", data, "--config", workspace.path("shape.json"), "--tokenizer",
            workspace.path("tokenizer"), "--epochs", "1", "--out", workspace.path("base"), "--json",
            "--quiet",
        ])
        #expect(base.status == 0, "\(base.errors)")
        return workspace
    }

    private static func remove() {
        guard let folder = try? workspace.get().folder else { return }
        try? FileManager.default.removeItem(at: folder)
    }
}
