/// Chooses the classifier's C by cross-validation inside the texts that it is trained on.
///
/// A fixed C is too large for labels that are often wrong: it learns them by heart, and a set of few,
/// repeated texts then scores higher than a varied one. So each row's own texts say how far they are to
/// be trusted, and no real text has a say in it.
///
/// The texts are cut into `foldCount` folds. For every C of the grid a classifier learns all folds but
/// one, n-gram weights included, and is asked for that one. The C with the most right answers over all
/// folds wins, the smallest of equals, as scikit-learn's `GridSearchCV` over a pipeline has it.
package struct RegularizationChoice: Sendable {
    /// The values of C that are tried, ascending: half a decade apart.
    package static let grid = [0.01, 0.03, 0.1, 0.3, 1, 3, 10]
    /// Into how many parts a row's texts are cut.
    package static let foldCount = 3
    /// Looser than for the classifiers that are reported: it decides between values far apart.
    private static let gradientTolerance = 1e-4

    private let counts: SparseRows
    private let labels: [Int]
    private let members: [Int]
    private let folds: [Int]

    /// Prepares the choice.
    ///
    /// - Parameters:
    ///   - counts: The n-grams of a row's texts, [texts].
    ///   - labels: The class of each text, ≥ 0 for members.
    ///   - members: The texts to learn from, none twice.
    ///   - folds: The fold of each text, in `0..<foldCount`, [texts].
    package init(counts: SparseRows, labels: [Int], members: [Int], folds: [Int]) {
        self.counts = counts
        self.labels = labels
        self.members = members
        self.folds = folds
    }

    /// The right answers in one fold for each C of the grid, after learning the others, [grid].
    ///
    /// Nothing is right where nothing else can be learned from.
    package func hits(inFold fold: Int) -> [Int] {
        let learned = members.filter { folds[$0] != fold }
        let asked = members.filter { folds[$0] == fold }
        guard !learned.isEmpty, !asked.isEmpty else { return Self.grid.map { _ in 0 } }
        var settings = TextClassifier.Settings()
        settings.gradientTolerance = Self.gradientTolerance
        let fits = TextClassifier.path(
            counts: counts,
            labels: labels,
            members: learned,
            inverseRegularizations: Self.grid,
            settings: settings
        )
        let questions = counts.selecting(asked)
        return fits.map { fit in
            zip(fit.predictions(for: questions), asked).count { $0 == labels[$1] }
        }
    }

    /// Chooses from what all folds found.
    ///
    /// - Parameter hits: What `hits(inFold:)` found in each fold.
    /// - Returns: The C with the most right answers over all folds; the smallest of equals.
    package static func best(_ hits: [[Int]]) -> Double {
        let totals = grid.indices.map { place in hits.reduce(0) { $0 + $1[place] } }
        let most = totals.max() ?? 0
        return grid[totals.firstIndex(of: most) ?? 0]
    }
}
