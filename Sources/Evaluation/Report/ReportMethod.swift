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
