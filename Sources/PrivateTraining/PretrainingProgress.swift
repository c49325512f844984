import Foundation

/// How far public training has come: what a checkpoint holds beside the model.
struct PretrainingProgress: Codable, Sendable, Equatable {
    /// Seconds of training.
    var seconds = 0.0
    /// Tokens predicted.
    var tokens = 0
    /// Passes over the text that are complete.
    var epoch = 0
    /// Windows drawn in the present pass.
    var position = 0

    /// As JSON text.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Reads what `json` wrote.
    static func decode(_ json: String) throws -> PretrainingProgress {
        try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    }
}
