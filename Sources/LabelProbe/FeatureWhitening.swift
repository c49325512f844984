import Foundation
package import Kernels
package import LanguageModel

/// Centres features, keeps the directions in which public text varies most, and evens them out.
///
///     x(f) = [ s · diag(λ₁ … λ_d)^(−p/2) · Vᵀ(f − μ) ; c ],   at most R long without the constant
///
/// μ, V and λ are mean, eigenvectors and eigenvalues of the covariance of the run's own synthetic
/// texts: no statistic of a private record is in them. s makes the mean square of such a text's x 1.
/// The bound R is a function of the one text, and keeps what a hostile record can hold finite.
package struct FeatureWhitening: Sendable, Equatable {
    /// The features of texts that were drawn from a model: post-processing of what was released.
    ///
    /// The one argument that a whitening is made of, so that features of records, which are of another
    /// type, cannot stand there.
    package struct SyntheticFeatures: Sendable {
        let values: Embeddings

        /// Features of texts that a model wrote, of their tokens as drawn.
        package init(ofDrawn texts: [[Int32]], states: PooledStates, parallel: ParallelFor) {
            values = states(texts, parallel: parallel)
        }
    }

    /// The longest x without its constant, in units of the root mean square.
    static let longest = 4.0

    /// μ, [features].
    let mean: [Float]
    /// s · diag(λ)^(−p/2) · Vᵀ, [directions, features].
    let projection: [Float]
    /// c.
    let constant: Float

    /// How many features there are of a text.
    package var featureCount: Int { mean.count }
    /// How many numbers a classifier reads: the directions and the constant.
    package var inputCount: Int { projection.count / max(mean.count, 1) + 1 }

    init(mean: [Float], projection: [Float], constant: Float) {
        self.mean = mean
        self.projection = projection
        self.constant = constant
    }

    /// Whitens by the covariance of public features.
    ///
    /// Directions without variance are zeros; fewer texts than directions are no error.
    package init(of features: SyntheticFeatures, settings: LabelProbeSettings) {
        let values = features.values
        let (count, width) = (values.count, values.dimension)
        var mean = [Double](repeating: 0, count: width)
        for text in 0..<count {
            for (place, value) in values.row(text).enumerated() { mean[place] += Double(value) }
        }
        mean = mean.map { $0 / Double(max(count, 1)) }
        let centred = (0..<count).flatMap { text in
            zip(values.row(text), mean).map { Double($0) - $1 }
        }
        var covariance = DoubleMatrix(rows: width, columns: width)
        DoubleMatrix(rows: count, columns: width, values: centred).addGram(to: &covariance)
        let eigen = SymmetricEigen(covariance)
        self.mean = mean.map { Float($0) }
        constant = Float(settings.constant)
        projection = Self.projection(eigen, textCount: count, width: width, settings: settings)
    }

    private static func projection(
        _ eigen: SymmetricEigen?,
        textCount: Int,
        width: Int,
        settings: LabelProbeSettings
    ) -> [Float] {
        let kept = min(settings.directions, width)
        guard let eigen, textCount > 1 else { return [Float](repeating: 0, count: kept * width) }
        let variances = (0..<kept).map { eigen.values[width - 1 - $0] / Double(textCount) }
        let least = max(variances.first ?? 0, 0) * 1e-9
        let scales = variances.map { $0 > least ? pow($0, -settings.power / 2) : 0 }
        let square = zip(scales, variances).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
        let overall = square > 0 ? 1 / square.squareRoot() : 0
        return (0..<kept).flatMap { direction in
            (0..<width).map { place in
                Float(overall * scales[direction] * eigen.vectors[width - 1 - direction, place])
            }
        }
    }

    /// x of one text, [inputs].
    func callAsFunction(_ features: [Float]) -> [Float] {
        precondition(features.count == mean.count, "\(features.count) features, not \(mean.count)")
        let width = mean.count
        let centred = zip(features, mean).map { Double($0) - Double($1) }
        var x = (0..<inputCount - 1).map { direction in
            var sum = 0.0
            for place in 0..<width {
                sum += Double(projection[direction * width + place]) * centred[place]
            }
            return sum
        }
        let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
        if length > Self.longest { x = x.map { $0 * Self.longest / length } }
        return x.map { $0.isFinite ? Float($0) : 0 } + [constant]
    }
}
