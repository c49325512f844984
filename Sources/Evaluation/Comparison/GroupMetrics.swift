/// The numbers of several runs of one method at one ε; what no run has is absent.
public struct GroupMetrics: Sendable, Codable, Equatable {
    /// Label column → accuracy on the real test texts.
    public let accuracy: [String: RunStatistics]
    /// Label column → macro-F1 on the real test texts.
    public let macroF1: [String: RunStatistics]
    /// Label column → accuracy with the C that each run's own texts choose.
    public let tunedAccuracy: [String: RunStatistics]
    /// Label column → macro-F1 with that C.
    public let tunedMacroF1: [String: RunStatistics]
    /// Label column → accuracy with that C at the test texts' label mix; empty where no mix differs.
    public let equalMixAccuracy: [String: RunStatistics]
    /// Label column → macro-F1 likewise.
    public let equalMixMacroF1: [String: RunStatistics]
    /// MAUVE.
    public let mauve: RunStatistics?
    /// Fréchet distance of embeddings.
    public let fid: RunStatistics?
    /// k-NN precision.
    public let precision: RunStatistics?
    /// k-NN recall.
    public let recall: RunStatistics?
    /// Harmonic mean of precision and recall.
    public let f1: RunStatistics?
    /// 1-Wasserstein distance of word counts, words.
    public let lengthWasserstein: RunStatistics?
    /// Distinct-2.
    public let distinctN: RunStatistics?
    /// The share of texts with a near-duplicate in their own set.
    public let nearDuplicates: RunStatistics?
    /// The share of texts that repeat another byte for byte.
    public let exactDuplicates: RunStatistics?
    /// Self-BLEU.
    public let selfBLEU: RunStatistics?
    /// Label column → accuracy of a classifier fine-tuned from the base model.
    public let fineTunedAccuracy: [String: RunStatistics]
    /// Label column → macro-F1 of that classifier.
    public let fineTunedMacroF1: [String: RunStatistics]
    /// Next-token accuracy on real text.
    public let nextTokenAccuracy: RunStatistics?
    /// Perplexity of real text.
    public let nextTokenPerplexity: RunStatistics?
    /// The mean exposure of the canaries, bits.
    public let canaryExposure: RunStatistics?

    enum CodingKeys: String, CodingKey {
        case accuracy, mauve, fid, precision, recall, f1
        case macroF1 = "macro_f1"
        case tunedAccuracy = "tuned_accuracy"
        case tunedMacroF1 = "tuned_macro_f1"
        case equalMixAccuracy = "equal_mix_accuracy"
        case equalMixMacroF1 = "equal_mix_macro_f1"
        case lengthWasserstein = "length_wasserstein"
        case distinctN = "distinct_n"
        case nearDuplicates = "near_duplicates"
        case exactDuplicates = "exact_duplicates"
        case selfBLEU = "self_bleu"
        case fineTunedAccuracy = "fine_tuned_accuracy"
        case fineTunedMacroF1 = "fine_tuned_macro_f1"
        case nextTokenAccuracy = "next_token_accuracy"
        case nextTokenPerplexity = "next_token_perplexity"
        case canaryExposure = "canary_exposure"
    }

    /// Summarises the runs.
    init(of runs: [RowMetrics]) {
        func summary(_ value: (RowMetrics) -> Double?) -> RunStatistics? {
            RunStatistics(runs.compactMap(value))
        }
        accuracy = Self.byColumn(runs) {
            ClassifierFigures($0.accuracy[$1], $0.accuracyInterval[$1], $0.accuracySpread[$1])
        }
        macroF1 = Self.byColumn(runs) {
            ClassifierFigures($0.macroF1[$1], $0.macroF1Interval[$1], $0.macroF1Spread[$1])
        }
        tunedAccuracy = Self.byColumn(runs) { $0.tuned?.accuracyFigures($1) }
        tunedMacroF1 = Self.byColumn(runs) { $0.tuned?.macroF1Figures($1) }
        equalMixAccuracy = Self.byColumn(runs) { $0.equalMix?.accuracyFigures($1) }
        equalMixMacroF1 = Self.byColumn(runs) { $0.equalMix?.macroF1Figures($1) }
        fineTunedAccuracy = Self.byColumn(runs) {
            ClassifierFigures(
                $0.fineTunedAccuracy?[$1],
                $0.fineTunedAccuracyInterval?[$1],
                Self.deviation($0.fineTunedAccuracySeeds?[$1])
            )
        }
        fineTunedMacroF1 = Self.byColumn(runs) {
            ClassifierFigures(
                $0.fineTunedMacroF1?[$1],
                $0.fineTunedMacroF1Interval?[$1],
                Self.deviation($0.fineTunedMacroF1Seeds?[$1])
            )
        }
        mauve = summary(\.mauve)
        fid = summary(\.fid)
        precision = summary(\.precision)
        recall = summary(\.recall)
        f1 = summary(\.f1)
        lengthWasserstein = summary(\.lengthWasserstein)
        distinctN = summary(\.distinctN)
        nearDuplicates = summary(\.nearDuplicates)
        exactDuplicates = summary(\.exactDuplicates)
        selfBLEU = summary(\.selfBLEU)
        nextTokenAccuracy = summary(\.nextTokenAccuracy)
        nextTokenPerplexity = summary(\.nextTokenPerplexity)
        canaryExposure = summary(\.canaryExposure)
    }

    /// Label column → the accuracy that the headline rests on: with the C that a row's own texts choose,
    /// or the fixed one where none was chosen.
    public var judgedAccuracy: [String: RunStatistics] {
        accuracy.merging(tunedAccuracy) { $1 }
    }

    /// The same for macro-F1.
    public var judgedMacroF1: [String: RunStatistics] { macroF1.merging(tunedMacroF1) { $1 } }

    private static func deviation(_ seeds: [Double]?) -> Double {
        ClassifierTest.variance(seeds ?? []).squareRoot()
    }

    /// One run's score of a classifier, and how resampling spreads it.
    fileprivate struct ClassifierFigures {
        let value: Double
        let interval: [Double]?
        /// The variance that resampling the test texts causes.
        let testVariance: Double

        /// Takes the test texts' share out of an interval of ±1.96 standard deviations.
        ///
        /// The end that was not cut off at 0 or 1 is used. `spread` is the standard deviation over
        /// seeds, which resample the training texts or order them.
        init?(_ value: Double?, _ interval: [Double]?, _ spread: Double?) {
            guard let value else { return nil }
            self.value = value
            self.interval = interval
            guard let interval, interval.count == 2 else {
                testVariance = 0
                return
            }
            let deviation = max(value - interval[0], interval[1] - value) / 1.96
            testVariance = max(0, deviation * deviation - (spread ?? 0) * (spread ?? 0))
        }
    }

    private static func byColumn(
        _ runs: [RowMetrics],
        _ figures: (RowMetrics, String) -> ClassifierFigures?
    ) -> [String: RunStatistics] {
        let columns = Set(runs.flatMap(\.accuracy.keys)).union(
            runs.flatMap { ($0.fineTunedAccuracy ?? [:]).keys }
        )
        return columns.reduce(into: [:]) { found, column in
            let own = runs.compactMap { figures($0, column) }
            found[column] = RunStatistics(
                own.map(\.value),
                ownInterval: own.first?.interval,
                testVariance: own.map(\.testVariance).reduce(0, +) / Double(max(1, own.count))
            )
        }
    }
}

extension JudgedScores {
    /// The accuracy of a label column; nil without one.
    fileprivate func accuracyFigures(_ column: String) -> GroupMetrics.ClassifierFigures? {
        .init(accuracy[column], accuracyInterval[column], accuracySpread[column])
    }

    /// The macro-F1 of a label column; nil without one.
    fileprivate func macroF1Figures(_ column: String) -> GroupMetrics.ClassifierFigures? {
        .init(macroF1[column], macroF1Interval[column], macroF1Spread[column])
    }
}
