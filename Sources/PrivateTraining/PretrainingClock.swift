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
