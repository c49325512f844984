/// The candidates that may be among the k best of one query, given scores with bounded rounding.
struct Shortlist {
    /// Scores below this cannot belong to one of the k best.
    private(set) var threshold: Float
    /// False for a query that is not finite: it finds nothing.
    let isOpen: Bool

    private let slack: Float
    /// The k best scores so far, ascending; shorter until k were seen.
    private var best: [Float] = []
    private var entries: [(candidate: Int32, score: Float)] = []
    private let count: Int

    /// Entries that have been overtaken are thrown out whenever the list reaches this length.
    private var tidyLength: Int

    /// Starts an empty list.
    ///
    /// - Parameters:
    ///   - count: k ≥ 1.
    ///   - rounding: The largest error of a score; the k-th best and its challenger may both be off.
    init(count: Int, rounding: Float) {
        self.count = count
        isOpen = rounding.isFinite
        slack = 2 * rounding
        threshold = -.greatestFiniteMagnitude
        tidyLength = max(64, 8 * count)
    }

    /// What is left: all candidates that may be among the k best.
    var survivors: [Int32] {
        entries.lazy.filter { $0.score >= threshold }.map(\.candidate)
    }

    /// Adds a candidate whose score is at least `threshold`.
    mutating func add(_ candidate: Int32, score: Float) {
        entries.append((candidate, score))
        if best.count < count || score > best[0] { raise(score) }
        guard entries.count >= tidyLength else { return }
        entries.removeAll { $0.score < threshold }
        tidyLength = max(64, 2 * entries.count)
    }

    private mutating func raise(_ score: Float) {
        if best.count == count { best.removeFirst() }
        best.insert(score, at: best.firstIndex { $0 >= score } ?? best.endIndex)
        if best.count == count { threshold = best[0] - slack }
    }
}
