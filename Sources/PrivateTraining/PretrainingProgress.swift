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

/// Seconds of training, over all stretches of a run.
struct PretrainingClock {
    private var before: Double
    private var start: ContinuousClock.Instant?
    private var lastSave = 0.0
    /// Tokens predicted.
    var tokens: Int

    init(_ progress: PretrainingProgress) {
        before = progress.seconds
        tokens = progress.tokens
        lastSave = progress.seconds
    }

    /// Lets the clock run.
    mutating func resume() { start = .now }

    /// Seconds of training so far.
    var seconds: Double {
        guard let start else { return before }
        let elapsed = ContinuousClock.now - start
        return before + Double(elapsed.components.seconds)
            + Double(elapsed.components.attoseconds) * 1e-18
    }

    /// True once every so many minutes.
    mutating func isDue(minutes: Double) -> Bool {
        guard seconds - lastSave >= 60 * minutes else { return false }
        lastSave = seconds
        return true
    }
}
