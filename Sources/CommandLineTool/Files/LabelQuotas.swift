import LabelProbe

/// Chooses texts of a pool so that every label has its share.
///
/// A text stands for the label that it was given. Where too few texts have a label, those follow that are
/// likeliest to have it among the texts that are left.
struct LabelQuotas {
    /// A text of the pool.
    struct Candidate {
        let posterior: LabelProbe.Posterior
        /// The place of its value in each column.
        let labels: [Int]
    }

    /// A text that was chosen.
    struct Choice: Equatable {
        /// Its place in the pool.
        let text: Int
        /// The part that it stands for.
        let part: Int
        /// Whether it is of the label that it was given.
        let isOwn: Bool
    }

    private let parts: [(labels: [Int], count: Int)]
    private let partOfLabels: [[Int]: Int]
    private let dropped: Double
    private var pool: [Candidate] = []
    /// The texts of each part, in the order of the pool.
    private var members: [[Int]]

    /// Parts with the number of texts that each must have.
    ///
    /// `dropped` is the share of a part's texts, the least sure, that does not count; below 1.
    init(_ parts: [(labels: [Int], count: Int)], dropped: Double) {
        self.parts = parts
        partOfLabels = Dictionary(
            parts.enumerated().map { ($1.labels, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        self.dropped = dropped
        members = parts.map { _ in [] }
    }

    /// Adds texts to the pool.
    mutating func add(_ candidates: [Candidate]) {
        for candidate in candidates {
            if let part = partOfLabels[candidate.labels] { members[part].append(pool.count) }
            pool.append(candidate)
        }
    }

    /// How many texts each part lacks.
    var missing: [Int] {
        zip(parts, members).map { max($0.count - kept($1.count), 0) }
    }

    /// One text for each place of each part, none twice, as far as the pool reaches.
    func chosen() -> [Choice] {
        var isTaken = [Bool](repeating: false, count: pool.count)
        var choices: [Choice] = []
        for part in parts.indices {
            for text in surest(part).prefix(parts[part].count) {
                isTaken[text] = true
                choices.append(Choice(text: text, part: part, isOwn: true))
            }
        }
        for part in parts.indices {
            let lacking = parts[part].count - min(kept(members[part].count), parts[part].count)
            guard lacking > 0 else { continue }
            let others = pool.indices.filter { !isTaken[$0] }
                .map {
                    (text: $0, probability: pool[$0].posterior.probability(of: parts[part].labels))
                }
                .sorted { ($1.probability, $0.text) < ($0.probability, $1.text) }
            for (text, _) in others.prefix(lacking) {
                isTaken[text] = true
                choices.append(Choice(text: text, part: part, isOwn: false))
            }
        }
        return choices
    }

    private func kept(_ count: Int) -> Int { count - Int(dropped * Double(count)) }

    /// The texts of a part in the order of the pool, without the least sure.
    private func surest(_ part: Int) -> [Int] {
        let all = members[part].map {
            (text: $0, probability: pool[$0].posterior.probability(of: parts[part].labels))
        }
        let sorted = all.sorted { ($1.probability, $0.text) < ($0.probability, $1.text) }
        return sorted.prefix(kept(all.count)).map(\.text).sorted()
    }
}
