import Autograd
package import Checkpoints
package import Kernels
package import LanguageModel

/// Everything that a training step changes: parameters, optimizer moments, the step count.
package final class TrainingState {
    /// The model.
    package let parameters: GPT2Parameters
    /// Which of its parameters are trained.
    package let trainable: TrainableSelection
    /// The optimizer and its moments.
    package let optimizer: AdamW

    /// Steps done.
    package var step: Int { optimizer.step }

    /// Starts from a model, with zero moments.
    package init(
        parameters: GPT2Parameters,
        trainable: TrainableSelection,
        settings: AdamWSettings
    ) {
        self.parameters = parameters
        self.trainable = trainable
        optimizer = AdamW(
            layout: parameters.layout,
            trainable: trainable,
            settings: settings
        )
    }

    /// Continues from a checkpoint.
    package init(
        _ reader: CheckpointReader,
        trainable: TrainableSelection,
        settings: AdamWSettings
    ) throws(CheckpointError) {
        let parameters = GPT2Parameters(zeros: reader.header.configuration)
        let layout = parameters.layout
        let moments = (FloatBuffer(count: layout.count), FloatBuffer(count: layout.count))
        try reader.read(.parameters, into: parameters.values, layout: layout)
        try reader.read(.firstMoment, into: moments.0, layout: layout)
        try reader.read(.secondMoment, into: moments.1, layout: layout)
        self.parameters = parameters
        self.trainable = trainable
        optimizer = AdamW(
            layout: layout,
            trainable: trainable,
            settings: settings,
            moments: moments,
            step: reader.header.step
        )
    }

    /// Parameters and moments: all that a step reads, apart from its number, which names it.
    package var buffers: [FloatBuffer] {
        [parameters.values, optimizer.firstMoment, optimizer.secondMoment]
    }

    /// The groups of a checkpoint; nothing is copied.
    package var sections: [CheckpointSection] {
        let layout = parameters.layout
        return [
            CheckpointSection(.parameters, layout, parameters.values),
            CheckpointSection(.firstMoment, layout, optimizer.firstMoment),
            CheckpointSection(.secondMoment, layout, optimizer.secondMoment),
        ]
    }
}
