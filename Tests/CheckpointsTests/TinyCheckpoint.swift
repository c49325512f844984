import Autograd
import Kernels
import LanguageModel
import Testing

@testable import Checkpoints

/// Checkpoints of a model of a few hundred numbers, different at every step.
enum TinyCheckpoint {
    static let configuration = DecoderConfiguration(
        vocabularySize: 11,
        contextLength: 6,
        width: 8,
        layerCount: 1,
        headCount: 2
    )

    static func header(_ step: Int) -> CheckpointHeader {
        CheckpointHeader(
            step: step,
            configuration: configuration,
            state: #"{"learning_rate":0.001}"#,
            productVersion: "1.0.0"
        )
    }

    /// Parameters and both moments, different in every element and step.
    static func sections(_ step: Int) -> [CheckpointSection] {
        let layout = DecoderParameters.layout(of: configuration)
        let kinds: [CheckpointSchema.Section] = [.parameters, .firstMoment, .secondMoment]
        return kinds.enumerated().map { index, section in
            let values = FloatBuffer(count: layout.count)
            for entry in layout.entries {
                for place in entry.range {
                    values[place] = Float(place) * 0.37 + Float(step) + Float(index) * 1000
                }
            }
            return CheckpointSection(section, layout, values)
        }
    }

    static func expectValid(_ reader: CheckpointReader, step: Int) throws {
        #expect(reader.header == header(step))
        for section in sections(step) {
            let read = FloatBuffer(count: section.layout.count)
            try reader.read(section.section, into: read, layout: section.layout)
            #expect(read.values(0..<read.count) == section.values.values(0..<read.count))
        }
    }

    /// Writes the checkpoint of a step.
    @discardableResult
    static func write(
        _ step: Int,
        with writer: CheckpointWriter
    ) throws(CheckpointError) -> String {
        try writer.write(header(step), sections(step))
    }
}
