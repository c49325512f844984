/// The tables and remarks below a report's main table, before they are written.
struct ReportDetails {
    let report: ComparisonReport

    /// Who guarantees what: one line for the runs of a method at one ε.
    var guarantees: ReportGrid {
        let rows = report.groups.map { group -> [String] in
            guard let claim = group.privacy else {
                return [group.name, PrivacyClaim.unstated, "–", "–", "–", "–", "–"]
            }
            return [
                group.name, ReportNumber.epsilon(claim.epsilon),
                claim.epsilon.isFinite ? ReportNumber.delta(claim.delta) : "–",
                claim.unit, claim.relation,
                claim.epsilon.isFinite ? claim.accountant : "–",
                claim.source == .manifest ? "manifest" : "user’s claim",
            ]
        }
        return ReportGrid(
            ["Row", "ε", "δ", "Unit", "Relation", "Accountant", "According to"],
            texts: ["Unit", "Relation", "Accountant", "According to"],
            rows: rows
        )
    }

    /// Under that table.
    static let guaranteesCaption =
        "ε and δ are rounded upwards; of several runs the largest is given. Each holds for one run by "
        + "itself: to give away several runs on one corpus adds their budgets up."

    /// Flags and notes with the lines of the main table they are about.
    ///
    /// What all runs of a line share is said once, what some of them have with their names; lines
    /// about which the same is said are named together, all of a report's methods as such.
    var remarks: [(names: [String], sentences: [String])] {
        let said = report.lines.map { (name: $0.name, sentences: Self.sentences(of: $0)) }
        var seen: Set<String> = []
        var remarks: [(names: [String], sentences: [String])] = []
        for sentence in said.flatMap(\.sentences) where seen.insert(sentence).inserted {
            var names = said.filter { $0.sentences.contains(sentence) }.map(\.name)
            if names.count > 1, names == report.groups.map(\.name) { names = ["all methods"] }
            if let place = remarks.firstIndex(where: { $0.names == names }) {
                remarks[place].sentences.append(sentence)
            } else {
                remarks.append((names, [sentence]))
            }
        }
        return remarks
    }

    private static func sentences(of group: ComparisonGroup) -> [String] {
        let said = group.rows.map { $0.flags + $0.notes }
        var seen: Set<String> = []
        return said.joined().filter { seen.insert($0).inserted }.map { sentence in
            let runs = zip(group.rows, said).filter { $0.1.contains(sentence) }.map { row, _ in
                row.name.hasPrefix(group.name + " ")
                    ? String(row.name.dropFirst(group.name.count + 1)) : row.name
            }
            guard runs.count < group.rows.count else { return sentence }
            return "\(sentence) (\(runs.joined(separator: ", ")))"
        }
    }

    /// Accuracy of every seed; `nil` when no classifier was trained.
    var seeds: ReportGrid? {
        let rows = report.rows.flatMap { row in
            report.context.labelColumns.compactMap { column -> [String]? in
                guard let values = row.metrics.judgedAccuracySeeds[column], !values.isEmpty else {
                    return nil
                }
                return [row.name, column] + values.map { ReportNumber.fixed($0, 3) }
            }
        }
        guard !rows.isEmpty else { return nil }
        return ReportGrid(
            ["Row", "Column"] + report.context.seeds.map { "seed \($0)" },
            texts: ["Column"],
            rows: rows
        )
    }

    /// Accuracy of the fine-tuned classifier with each seed; `nil` when none was trained.
    var fineTunedSeeds: ReportGrid? {
        let seeds = report.context.seeds
        let rows = report.rows.flatMap { row in
            report.context.labelColumns.compactMap { column -> [String]? in
                guard let own = row.metrics.fineTunedSeeds,
                    let values = row.metrics.fineTunedAccuracySeeds?[column]
                else { return nil }
                return [row.name, column]
                    + seeds.map { seed in
                        own.firstIndex(of: seed).map { ReportNumber.fixed(values[$0], 3) } ?? "–"
                    }
            }
        }
        guard !rows.isEmpty else { return nil }
        return ReportGrid(
            ["Row", "Column"] + seeds.map { "seed \($0)" },
            texts: ["Column"],
            rows: rows
        )
    }

    /// Under that table.
    static let fineTunedSeedsCaption =
        "Accuracy of the classifier fine-tuned from the base model. A seed orders the batches and, where "
        + "a row has more texts than are compared, draws them. The runs of a method share the seeds out."

    /// Overlap with private training texts beside the held-out baseline; `nil` if not measured.
    var overlap: ReportGrid? {
        guard let held = report.context.heldOutOverlap else { return nil }
        func cells(_ name: String, _ overlap: TrainingOverlap) -> [String] {
            [
                name, ReportNumber.fixed(overlap.meanLongestNGram, 2),
                String(overlap.highLongestNGram), String(overlap.maximumLongestNGram),
                ReportNumber.fixed(overlap.nearDuplicateShare, 4),
            ]
        }
        return ReportGrid(
            [
                "Texts", "Longest shared words, mean", "95th percentile", "Longest",
                "Near-duplicates",
            ],
            rows: [cells("real test texts (baseline)", held)]
                + report.rows.compactMap { row in
                    row.metrics.trainingOverlap.map { cells(row.name, $0) }
                }
        )
    }

    /// Under that table.
    static let overlapCaption =
        "Internal, not differentially private. Real texts that no method saw share this much by "
        + "chance; a method that shares clearly more has memorised."

    /// Ranks shown for a row, the most telling ones.
    private static let shownRanks = 8

    /// Each canary's rank among its fillers; `nil` without canaries.
    var canaries: ReportGrid? {
        let rows = report.rows.compactMap { row -> [String]? in
            guard let canaries = row.metrics.canaries, !canaries.isEmpty else { return nil }
            let ranks = canaries.sorted { $0.rank < $1.rank }
                .map { "\($0.rank) of \($0.candidateCount)" }
            let more = ranks.count - Self.shownRanks
            return [
                row.name,
                ranks.prefix(Self.shownRanks).joined(separator: ", ")
                    + (more > 0 ? " and \(more) more" : ""),
                ReportNumber.fixed(row.metrics.canaryExposure, 2),
            ]
        }
        guard !rows.isEmpty else { return nil }
        return ReportGrid(
            ["Row", "Ranks, lowest first", "Mean exposure, bits"],
            texts: ["Ranks, lowest first"],
            rows: rows
        )
    }

    /// Under that table.
    static let canariesCaption =
        "Internal, not differentially private. A small model trained on a row's texts ranks each "
        + "planted text among others like it that were never planted: rank 1 means that the row's "
        + "texts carry it, a mean exposure about 1.44 bits that they do not."
}
