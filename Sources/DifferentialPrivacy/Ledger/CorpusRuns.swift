/// The runs in a folder that learned from a corpus or from one that overlaps it, and what they cost
/// whoever is in that corpus.
public struct CorpusRuns: Sendable {
    /// One of them.
    public struct Member: Sendable {
        /// The name of its folder.
        public let run: String
        /// What its ledger says.
        public let record: LedgerRecord
        /// What its corpus has in common with this one: `share` is that of this one's texts.
        public let overlap: CorpusOverlap
    }

    /// The runs, sorted by name.
    public let members: [Member]
    /// The names of runs whose ledgers do not remember records and that have no file in common with
    /// the corpus: whether they read the same records cannot be known.
    public let unknown: [String]

    /// No run at all.
    public init() { (members, unknown) = ([], []) }

    /// - Parameters:
    ///   - records: Those of a folder.
    ///   - corpora: What each of them read.
    ///   - corpus: What to compare that with.
    init(
        of records: [(run: String, record: LedgerRecord)],
        reading corpora: [CorpusIdentity],
        on corpus: CorpusIdentity
    ) {
        members = zip(records, corpora).compactMap { entry, other in
            corpus.overlap(with: other).map {
                Member(run: entry.run, record: entry.record, overlap: $0)
            }
        }
        let tied = Set(members.map(\.run))
        unknown = records.filter { $0.record.header.texts == nil && !tied.contains($0.run) }
            .map(\.run)
    }

    /// Their ledgers.
    public var records: [LedgerRecord] { members.map(\.record) }

    /// What all of them have cost so far, counted in units of `unit`.
    ///
    /// Users are taken to be the same people in every run, whatever the column that names them.
    public func spending(by unit: PrivacyUnit) -> PrivacySpending {
        members.reduce(into: PrivacySpending()) { $0.merge($1.record.spending(by: unit)) }
    }

    /// ε at the end of all of them and of one more run, or one that is among them, with this header.
    ///
    /// A run that is not finished counts with all that it planned, as it may be continued.
    ///
    /// - Parameter header: Of that run; its unit and its δ are those that ε is stated for.
    /// - Returns: An upper bound; infinite if that run has no δ.
    /// - Throws: `PrivacyError` if ε cannot be bounded.
    public func epsilonAtEnd(with header: LedgerHeader) throws(PrivacyError) -> Double {
        guard let delta = header.budget.delta else { return .infinity }
        var events = ends.map { $0.event(by: header.unit) }
        if !members.contains(where: { $0.record.header.runIdentifier == header.runIdentifier }) {
            events.append(header.plannedCost(by: header.unit))
        }
        return try PrivacyAccounting.guarantee(of: .composed(events), delta: delta).epsilon
    }

    /// Refuses a run whose end would bring the corpus above a total; one that is finished spends
    /// nothing more.
    ///
    /// - Parameters:
    ///   - cap: The largest ε of all runs on the corpus together.
    ///   - header: As for `epsilonAtEnd`.
    ///   - path: The run, for the message.
    /// - Throws: `LedgerError.corpusBudgetExceeded`; `PrivacyError` if ε cannot be bounded.
    public func require(
        atMost cap: Double,
        with header: LedgerHeader,
        path: String
    ) throws {
        guard !ends.contains(where: { $0.header == header && $0.isFinished }) else { return }
        let bound = try epsilonAtEnd(with: header)
        // Not `bound > cap`: NaN must refuse, too.
        guard bound <= cap else {
            let others = members.filter {
                $0.record.header.runIdentifier != header.runIdentifier
            }
            throw LedgerError.corpusBudgetExceeded(
                path: path,
                epsilon: bound,
                budget: cap,
                runs: others.map(\.run)
            )
        }
    }

    /// What copies of one run spent together, and what they have left to do.
    private struct End {
        let header: LedgerHeader
        var spending: PrivacySpending
        var isFinished: Bool

        func event(by unit: PrivacyUnit) -> PrivacyEvent {
            let kinds = isFinished ? spending.kinds : spending.kinds(with: header.planned)
            return .composed(
                kinds.map { .repeated(header.cost(of: $0.event, by: unit), count: $0.count) }
            )
        }
    }

    /// Each run once: releases of its copies have the same keys.
    private var ends: [End] {
        var ends: [End] = []
        var places: [String: Int] = [:]
        for record in records {
            let run = record.header.runIdentifier
            if let place = places[run] {
                ends[place].spending.merge(record.spending)
                ends[place].isFinished = ends[place].isFinished && record.isFinished
            } else {
                places[run] = ends.count
                ends.append(
                    End(
                        header: record.header,
                        spending: record.spending,
                        isFinished: record.isFinished
                    )
                )
            }
        }
        return ends
    }
}
