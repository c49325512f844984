/// Seconds since training began in this process, and what is done every so often.
struct RunClock {
    private var start: ContinuousClock.Instant?
    private var lastSave = 0.0
    private var lastEpsilon: (seconds: Double, step: Int, value: Double)?
    /// The step that this process began with.
    private(set) var firstStep = 0

    mutating func begin(atStep step: Int) {
        start = .now
        firstStep = step
    }

    var seconds: Double {
        guard let start else { return 0 }
        let elapsed = (ContinuousClock.now - start).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }

    /// True once every so many minutes.
    mutating func isDue(minutes: Double) -> Bool {
        guard seconds - lastSave >= 60 * minutes else { return false }
        lastSave = seconds
        return true
    }

    /// ε so far and the step that it is of; ∞ where there is none.
    ///
    /// It is computed anew every five seconds at most, as that takes longer than a small step, and
    /// after the last step.
    mutating func epsilon(
        atStep step: Int,
        isLast: Bool,
        _ compute: () throws -> Double?
    ) rethrows -> (value: Double, step: Int) {
        if let last = lastEpsilon, !isLast, seconds - last.seconds < 5 {
            return (last.value, last.step)
        }
        let value = try compute() ?? .infinity
        lastEpsilon = (seconds, step, value)
        return (value, step)
    }
}
