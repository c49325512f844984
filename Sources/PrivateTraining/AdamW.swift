package import Autograd
package import DifferentialPrivacy
package import Kernels
package import LanguageModel

/// AdamW on flat parameters: takes released gradients only.
///
/// Its moments are functions of `PrivatizedGradient`s, so they are differentially private too, and
/// no buffer from before the noise is within its reach. Elements outside the trainable parameters
/// never change, whatever noise their coordinates got.
package final class AdamW {
    /// The decayed mean of the gradients, [layout.count].
    package let firstMoment: FloatBuffer
    /// The decayed mean of their squares, [layout.count].
    package let secondMoment: FloatBuffer
    /// Updates made so far.
    package private(set) var step: Int
    private let settings: AdamWSettings
    /// The trainable elements in pieces of work.
    private let pieces: [Range<Int>]

    private static let pieceLength = 1 << 16

    /// Starts with zero moments.
    package convenience init(
        layout: ParameterLayout,
        trainable: TrainableSelection,
        settings: AdamWSettings
    ) {
        let moments = (FloatBuffer(count: layout.count), FloatBuffer(count: layout.count))
        self.init(
            layout: layout,
            trainable: trainable,
            settings: settings,
            moments: moments,
            step: 0
        )
    }

    /// Continues with moments from a checkpoint.
    package init(
        layout: ParameterLayout,
        trainable: TrainableSelection,
        settings: AdamWSettings,
        moments: (first: FloatBuffer, second: FloatBuffer),
        step: Int
    ) {
        firstMoment = moments.first
        secondMoment = moments.second
        self.step = step
        self.settings = settings
        pieces = layout.entries.filter { trainable.contains($0.name) }
            .flatMap { $0.pieces(of: Self.pieceLength) }
    }

    /// Descends one step and hands the gradient's memory on as the next step's empty sum.
    ///
    /// With `settings.maxUpdateNorm` the released gradient is scaled down to that norm first, which
    /// is post-processing.
    package func update(
        _ parameters: FloatBuffer,
        with gradient: consuming PrivatizedGradient,
        learningRate: Double,
        parallel: ParallelFor
    ) -> ClippedGradientSum {
        step += 1
        let values = gradient.values
        let scale = scale(of: values)
        var update = AdamWUpdate(learningRate: Float(learningRate))
        update.beta1 = Float(settings.beta1)
        update.beta2 = Float(settings.beta2)
        update.epsilon = Float(settings.epsilon)
        update.weightDecay = Float(settings.weightDecay)
        parallel(pieces.count) { [update, step, firstMoment, secondMoment, pieces] piece, _ in
            let range = pieces[piece]
            if scale != 1 {
                Matrix(values, offset: range.lowerBound, rows: 1, columns: range.count)
                    .scale(by: Float(scale))
            }
            update.apply(
                step: step,
                gradient: values,
                firstMoment: firstMoment,
                secondMoment: secondMoment,
                parameters: parameters,
                in: range
            )
        }
        return gradient.recycled()
    }

    private func scale(of gradient: FloatBuffer) -> Double {
        guard let bound = settings.maxUpdateNorm else { return 1 }
        let squares = pieces.map {
            Matrix(gradient, offset: $0.lowerBound, rows: 1, columns: $0.count).squaredNorm
        }
        let norm = squares.reduce(0, +).squareRoot()
        return norm > bound ? bound / norm : 1
    }
}
