/// How well predictions agree with the true classes.
package struct ClassificationScores: Sendable, Equatable {
    /// The share of texts whose class is predicted correctly, in [0, 1].
    package let accuracy: Double
    /// The unweighted mean over the public classes of 2·TP / (2·TP + FP + FN).
    ///
    /// The mean ranges over every class of the label set. A class without true or predicted texts
    /// counts 0, as scikit-learn's `f1_score(average="macro", labels=…, zero_division=0)`.
    package let macroF1: Double

    /// Compares `predicted` with `actual`, classes in `0..<classCount`; empty input scores 0.
    package init(predicted: [Int], actual: [Int], classCount: Int) {
        self.init(
            predicted: predicted,
            actual: actual,
            members: actual.indices,
            classCount: classCount
        )
    }

    /// Compares only the texts `members`; repeats count again.
    init(predicted: [Int], actual: [Int], members: some Collection<Int>, classCount: Int) {
        precondition(
            predicted.count == actual.count,
            "\(predicted.count) predictions for \(actual.count) texts"
        )
        var hits = [Int](repeating: 0, count: classCount)
        var sizes = [Int](repeating: 0, count: classCount)
        for index in members {
            sizes[predicted[index]] += 1
            sizes[actual[index]] += 1
            if predicted[index] == actual[index] { hits[actual[index]] += 1 }
        }
        let total = members.count
        accuracy = total == 0 ? 0 : Double(hits.reduce(0, +)) / Double(total)
        let scores = zip(hits, sizes).map { hit, size in
            size == 0 ? 0 : 2 * Double(hit) / Double(size)
        }
        macroF1 = classCount == 0 ? 0 : scores.reduce(0, +) / Double(classCount)
    }
}
