/// How well predictions agree with the true classes.
package struct ClassificationScores: Sendable, Equatable {
    /// One class by itself; what has no text or no prediction to divide by is 0.
    package struct OfClass: Sendable, Equatable {
        /// The share of texts predicted to be of the class that are, in [0, 1].
        package let precision: Double
        /// The share of the class's texts that are predicted to be of it, in [0, 1].
        package let recall: Double
        /// 2·TP / (2·TP + FP + FN).
        package let f1: Double
        /// How many texts have the class.
        package let support: Int
    }

    /// The share of texts whose class is predicted correctly, in [0, 1].
    package let accuracy: Double
    /// The unweighted mean over the public classes of 2·TP / (2·TP + FP + FN).
    ///
    /// The mean ranges over every class of the label set. A class without true or predicted texts
    /// counts 0, as scikit-learn's `f1_score(average="macro", labels=…, zero_division=0)`.
    package let macroF1: Double
    /// Every class of the label set, in its order.
    package let classes: [OfClass]

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
        var guesses = [Int](repeating: 0, count: classCount)
        var supports = [Int](repeating: 0, count: classCount)
        for index in members {
            guesses[predicted[index]] += 1
            supports[actual[index]] += 1
            if predicted[index] == actual[index] { hits[actual[index]] += 1 }
        }
        func share(_ part: Int, of whole: Int) -> Double {
            whole == 0 ? 0 : Double(part) / Double(whole)
        }
        accuracy = share(hits.reduce(0, +), of: members.count)
        classes = (0..<classCount).map { place in
            OfClass(
                precision: share(hits[place], of: guesses[place]),
                recall: share(hits[place], of: supports[place]),
                f1: share(2 * hits[place], of: guesses[place] + supports[place]),
                support: supports[place]
            )
        }
        macroF1 = classCount == 0 ? 0 : classes.reduce(0) { $0 + $1.f1 } / Double(classCount)
    }
}
