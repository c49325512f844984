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
                claim.unit.text, claim.relation.text,
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

/// How the numbers of a report came about, in sentences.
struct ReportMethod {
    let report: ComparisonReport

    private static let grid = RegularizationChoice.grid.map(ReportNumber.short)
        .joined(separator: ", ")

    /// Under the table of seeds, whose values need not agree with a row's accuracy.
    static let seedsCaption =
        "Accuracy after resampling the training texts with replacement, for the intervals. A row’s"
        + " accuracy comes from its texts as they are; a resample holds only about 63 % different"
        + " ones, so its value may differ, and mostly lies lower."

    var sentences: [String] {
        let context = report.context
        let seeds = context.seeds.map(String.init).joined(separator: ", ")
        return context.provenance + [
            "Classifier: multinomial logistic regression with an L2 penalty (intercepts without), trained to "
                + "convergence on a row's texts and tested on \(ReportNumber.count(context.testTexts)) real texts. "
                + "Its features: TF-IDF of case-folded word 1- and 2-grams, hashed into "
                + "2²¹ buckets, all of those in the row's texts; 1 + ln count, times 1 + ln((1 + n) / (1 + texts "
                + "with it)), each text scaled to length 1, as scikit-learn's TfidfVectorizer with "
                + "sublinear_tf. It is not a fine-tuned language model, so its numbers compare with each other "
                + "only.",
            "C, the inverse weight of the penalty, is chosen for each row by cross-validation inside the row's "
                + "own texts (\(RegularizationChoice.foldCount) folds, stratified, equal texts in one fold; "
                + "accuracy, of \(Self.grid)) for the accuracies in the verdict, the main table and the figures. "
                + "accuracy and macro_f1 in numbers.json are those at C = \(ReportNumber.short(context.inverseRegularization)), "
                + "equal for all rows; a fixed C understates texts whose labels are often wrong, and rewards "
                + "few, repeated texts.",
            "The interval (95 %) of a single run adds the variance from resampling the training texts "
                + "(seeds \(seeds)) and from resampling the test texts 200 times. It leaves out the "
                + "noise of the mechanism and of training: a further run with the same settings draws "
                + "that noise anew and may differ by more.",
            "The interval (95 %) of several runs is that of their mean: Student's t over the runs' "
                + "values, with the variance from resampling the test texts added for accuracy and "
                + "macro-F1. It holds the noise from run to run. One method is called better than "
                + "another where the 95 % interval of their difference (Welch's, with the test texts' "
                + "variance of both) leaves out 0.",
            "Runs of one method whose ε lie within 1 % of each other are taken together. Lengths, map "
                + "and examples show the first of them.",
            "Majority class: the most frequent class of the real test texts, always answered.",
            "MAUVE (5 k-means starts, n/10 clusters, PCA to 90 %, c = 5; mean over seeds), FID, "
                + "precision, recall and their harmonic mean F1 (k = 3 neighbours) compare embeddings "
                + "(\(context.embedding)) with \(ReportNumber.count(context.comparedTestTexts)) real test texts. They depend on "
                + "the embedding and the number of texts, and favour a method that chose its texts by this "
                + "embedding, as Private Evolution does with that of the base model unless it was told "
                + "otherwise.",
            "Length W₁ is the 1-Wasserstein distance of word counts, in words. Distinct-2 is the share "
                + "of different word pairs. Near-dup. is the share of texts with a near-duplicate "
                + "(Jaccard similarity of character 5-grams ≥ 0.8) in their own set.",
        ]
    }
}
