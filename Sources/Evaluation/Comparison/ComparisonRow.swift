/// One line of a comparison: a method or a reference, its guarantee and its numbers.
public struct ComparisonRow: Sendable, Codable, Equatable {
    /// The rows every comparison has, besides the methods'.
    public enum Reference: String, Sendable, Codable, CaseIterable {
        /// Always predicts the most frequent class of the real test texts.
        case majorityClass = "majority-class"
        /// Real texts in place of synthetic ones: the ceiling.
        case real
        /// The base model before fine-tuning: what costs no privacy.
        case untunedBase = "untuned-base"
    }

    /// The row's name, unique in its report.
    public let name: String
    /// Which reference it is; `nil` for a method.
    public let reference: Reference?
    /// Which curve the row belongs to.
    public let series: String
    /// How many texts were measured; 0 for the majority class.
    public let texts: Int
    /// The guarantee of a method's texts; `nil` when none is stated or none applies.
    public let privacy: PrivacyClaim?
    /// The numbers.
    public let metrics: RowMetrics
    /// What makes the row unequal to others or incomplete; never quotes a text or a label value.
    public let flags: [String]
    /// What a reader must know about the texts.
    public let notes: [String]
}

/// The numbers of one row; what does not apply to a row, or could not be measured, is absent.
public struct RowMetrics: Sendable, Codable, Equatable {
    /// Label column → accuracy on the real test texts, trained on the row's texts with C = 1, in
    /// [0, 1].
    public internal(set) var accuracy: [String: Double] = [:]
    /// Label column → lower and upper end of a 95 % interval of accuracy.
    public internal(set) var accuracyInterval: [String: [Double]] = [:]
    /// Label column → accuracy after resampling the training texts with replacement, one per seed.
    public internal(set) var accuracySeeds: [String: [Double]] = [:]
    /// Label column → standard deviation of `accuracySeeds`.
    public internal(set) var accuracySpread: [String: Double] = [:]
    /// Label column → macro-F1 on the real test texts, in [0, 1].
    public internal(set) var macroF1: [String: Double] = [:]
    /// Label column → lower and upper end of a 95 % interval of macro-F1.
    public internal(set) var macroF1Interval: [String: [Double]] = [:]
    /// Label column → macro-F1 after resampling the training texts, one per seed.
    public internal(set) var macroF1Seeds: [String: [Double]] = [:]
    /// Label column → standard deviation of `macroF1Seeds`.
    public internal(set) var macroF1Spread: [String: Double] = [:]
    /// What classifiers reach with the C that cross-validation inside the row's own texts chooses.
    public internal(set) var tuned: JudgedScores?
    /// The same after the row's texts were resampled to the label mix of the test texts; absent where
    /// no row's mix differs.
    public internal(set) var equalMix: JudgedScores?
    /// Label column → each of its values by itself, in class order, with the chosen C.
    public internal(set) var labelScores: [String: [LabelScore]]?
    /// Label column → the share of each of its values among the row's texts, in class order.
    public internal(set) var labelMix: [String: [LabelShare]]?
    /// Label column → total variation between that mix and the test texts', in [0, 1].
    public internal(set) var labelMixDistance: [String: Double]?
    /// Label column → accuracy with all real training texts; row `real` only, not comparable.
    public internal(set) var accuracyAllTexts: [String: Double]?
    /// MAUVE, mean over seeds, in (0, 1]; higher is closer to real text.
    public internal(set) var mauve: Double?
    /// MAUVE of each seed.
    public internal(set) var mauveSeeds: [Double]?
    /// Fréchet distance of embeddings, ≥ 0; lower is closer to real text.
    public internal(set) var fid: Double?
    /// k-NN precision, in [0, 1].
    public internal(set) var precision: Double?
    /// k-NN recall, in [0, 1].
    public internal(set) var recall: Double?
    /// Harmonic mean of precision and recall.
    public internal(set) var f1: Double?
    /// 1-Wasserstein distance of word counts to the real test texts', words.
    public internal(set) var lengthWasserstein: Double?
    /// Mean words per text.
    public internal(set) var lengthMean: Double?
    /// Median words per text.
    public internal(set) var lengthMedian: Double?
    /// Distinct-2, the usual member of the family.
    public internal(set) var distinctN: Double?
    /// Distinct-1.
    public internal(set) var distinct1: Double?
    /// Distinct-2.
    public internal(set) var distinct2: Double?
    /// Distinct-3.
    public internal(set) var distinct3: Double?
    /// The share of texts with a near-duplicate in their own set.
    public internal(set) var nearDuplicates: Double?
    /// The share of texts that repeat another byte for byte.
    public internal(set) var exactDuplicates: Double?
    /// Self-BLEU, in [0, 1]; higher is more repetitive.
    public internal(set) var selfBLEU: Double?
    /// The seeds of the classifiers fine-tuned from the base model; the runs of a method share the
    /// comparison's out.
    public internal(set) var fineTunedSeeds: [UInt64]?
    /// Label column → mean accuracy of those classifiers; see `FineTunedClassifier`.
    public internal(set) var fineTunedAccuracy: [String: Double]?
    /// Label column → lower and upper end of a 95 % interval, over seeds and resampled test texts.
    public internal(set) var fineTunedAccuracyInterval: [String: [Double]]?
    /// Label column → accuracy with each of `fineTunedSeeds`.
    public internal(set) var fineTunedAccuracySeeds: [String: [Double]]?
    /// Label column → mean macro-F1 of those classifiers.
    public internal(set) var fineTunedMacroF1: [String: Double]?
    /// Label column → lower and upper end of a 95 % interval, over seeds and resampled test texts.
    public internal(set) var fineTunedMacroF1Interval: [String: [Double]]?
    /// Label column → macro-F1 with each of `fineTunedSeeds`.
    public internal(set) var fineTunedMacroF1Seeds: [String: [Double]]?
    /// The share of real tokens that a small model trained on the row's texts finds likeliest.
    public internal(set) var nextTokenAccuracy: Double?
    /// The perplexity of real text under that model.
    public internal(set) var nextTokenPerplexity: Double?
    /// Each canary's rank under that model; internal, not differentially private.
    public internal(set) var canaries: [CanaryExposure]?
    /// The mean exposure of the canaries, bits.
    public internal(set) var canaryExposure: Double?
    /// Whether the texts lie nearer to what was trained on than to what was not; internal.
    public internal(set) var closeness: MembershipCloseness?
    /// Overlap with the private training texts; internal, not differentially private.
    public internal(set) var trainingOverlap: TrainingOverlap?

    enum CodingKeys: String, CodingKey {
        case accuracy, mauve, fid, precision, recall, f1, canaries, tuned, closeness
        case equalMix = "equal_mix"
        case labelScores = "label_scores"
        case labelMix = "label_mix"
        case labelMixDistance = "label_mix_distance"
        case fineTunedAccuracy = "fine_tuned_accuracy"
        case fineTunedAccuracyInterval = "fine_tuned_accuracy_interval"
        case fineTunedSeeds = "fine_tuned_seeds"
        case fineTunedAccuracySeeds = "fine_tuned_accuracy_seeds"
        case fineTunedMacroF1Seeds = "fine_tuned_macro_f1_seeds"
        case fineTunedMacroF1 = "fine_tuned_macro_f1"
        case fineTunedMacroF1Interval = "fine_tuned_macro_f1_interval"
        case nextTokenAccuracy = "next_token_accuracy"
        case nextTokenPerplexity = "next_token_perplexity"
        case canaryExposure = "canary_exposure"
        case accuracyInterval = "accuracy_interval"
        case accuracySeeds = "accuracy_seeds"
        case accuracySpread = "accuracy_spread"
        case macroF1 = "macro_f1"
        case macroF1Interval = "macro_f1_interval"
        case macroF1Seeds = "macro_f1_seeds"
        case macroF1Spread = "macro_f1_spread"
        case accuracyAllTexts = "accuracy_all_texts"
        case mauveSeeds = "mauve_seeds"
        case lengthWasserstein = "length_wasserstein"
        case lengthMean = "length_mean"
        case lengthMedian = "length_median"
        case distinctN = "distinct_n"
        case distinct1 = "distinct_1"
        case distinct2 = "distinct_2"
        case distinct3 = "distinct_3"
        case nearDuplicates = "near_duplicates"
        case exactDuplicates = "exact_duplicates"
        case selfBLEU = "self_bleu"
        case trainingOverlap = "training_overlap"
    }
}
