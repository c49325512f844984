package import Autograd
package import Checkpoints
package import Kernels
package import LanguageModel

/// Everything that a training step changes: trained values, optimizer moments, the step count.
package final class TrainingState {
    /// The model; frozen if there are adapters.
    package let parameters: DecoderParameters
    /// What is trained instead of the model's own parameters, if anything.
    package let adapters: DecoderAdapters?
    /// Which of the trained values, by name, are trained in fact.
    package let trainable: TrainableSelection
    /// The optimizer and its moments.
    package let optimizer: AdamW

    /// Steps done.
    package var step: Int { optimizer.step }

    /// Starts from a model, with zero moments; with adapters they alone are trained.
    package init(
        parameters: DecoderParameters,
        adapters: DecoderAdapters? = nil,
        trainable: TrainableSelection,
        settings: AdamWSettings
    ) {
        self.parameters = parameters
        self.adapters = adapters
        self.trainable = trainable
        optimizer = AdamW(
            layout: adapters?.layout ?? parameters.layout,
            trainable: trainable,
            settings: settings
        )
    }

    /// Continues from a checkpoint.
    ///
    /// - Parameters:
    ///   - reader: The checkpoint.
    ///   - loraRank: The rank of the adapters that were trained; nil for the model itself.
    ///   - trainable: Which parameters are trained.
    ///   - settings: The optimizer's constants.
    /// - Throws: `CheckpointError` if the file does not have what the model needs.
    package init(
        _ reader: CheckpointReader,
        loraRank: Int? = nil,
        trainable: TrainableSelection,
        settings: AdamWSettings
    ) throws(CheckpointError) {
        let parameters = DecoderParameters(zeros: reader.header.configuration)
        try reader.read(.parameters, into: parameters.values, layout: parameters.layout)
        let adapters = loraRank.map { DecoderAdapters(zeros: parameters.configuration, rank: $0) }
        if let adapters {
            try reader.read(.adapters, into: adapters.values, layout: adapters.layout)
        }
        let layout = adapters?.layout ?? parameters.layout
        let moments = (FloatBuffer(count: layout.count), FloatBuffer(count: layout.count))
        try reader.read(.firstMoment, into: moments.0, layout: layout)
        try reader.read(.secondMoment, into: moments.1, layout: layout)
        self.parameters = parameters
        self.adapters = adapters
        self.trainable = trainable
        optimizer = AdamW(
            layout: layout,
            trainable: trainable,
            settings: settings,
            moments: moments,
            step: reader.header.step
        )
    }

    /// Where each trained parameter lies in sums, noise, moments and `trainedValues`.
    package var trainedLayout: ParameterLayout { adapters?.layout ?? parameters.layout }

    /// What the optimizer updates, [trainedLayout.count].
    package var trainedValues: FloatBuffer { adapters?.values ?? parameters.values }

    /// The pass that computes gradients of what is trained.
    package func gradientPass(parallel: ParallelFor) -> DecoderGradientPass {
        DecoderGradientPass(
            parameters: parameters,
            adapters: adapters,
            trainable: trainable,
            parallel: parallel
        )
    }

    /// Parameters and moments: all that a step reads, apart from its number, which names it.
    package var buffers: [FloatBuffer] {
        [parameters.values] + (adapters.map { [$0.values] } ?? [])
            + [optimizer.firstMoment, optimizer.secondMoment]
    }

    /// The groups of a checkpoint; nothing is copied.
    package var sections: [CheckpointSection] {
        let layout = trainedLayout
        let added = adapters.map { [CheckpointSection(.adapters, layout, $0.values)] } ?? []
        return [CheckpointSection(.parameters, parameters.layout, parameters.values)] + added + [
            CheckpointSection(.firstMoment, layout, optimizer.firstMoment),
            CheckpointSection(.secondMoment, layout, optimizer.secondMoment),
        ]
    }
}

/// Seconds of training, over all stretches of a run, and what is done every so often.
package struct TrainingClock: Sendable {
    private let before: Double
    private var start: ContinuousClock.Instant?
    private var lastSave: Double

    /// A clock that stands, after that many seconds of earlier stretches.
    package init(secondsBefore: Double = 0) {
        before = secondsBefore
        lastSave = secondsBefore
    }

    /// Lets the clock run.
    package mutating func begin() { start = .now }

    /// Seconds of training so far.
    package var seconds: Double {
        guard let start else { return before }
        let elapsed = (ContinuousClock.now - start).components
        return before + Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }

    /// True once every so many minutes.
    package mutating func isDue(minutes: Double) -> Bool {
        guard seconds - lastSave >= 60 * minutes else { return false }
        lastSave = seconds
        return true
    }
}
