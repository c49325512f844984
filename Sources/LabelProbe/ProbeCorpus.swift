package import Corpus
import DifferentialPrivacy
package import Kernels
package import LanguageModel

/// A record as the probe learns from it, private: the tokens of its text, and its labels.
package struct LabelledTokens: Sendable {
    /// The text alone.
    package let tokens: [Int32]
    /// The place of the record's value in each label column.
    let labels: [Int]

    /// States a record.
    package init(tokens: [Int32], labels: [Int]) {
        self.tokens = tokens
        self.labels = labels
    }
}

/// The inputs and labels of every record, grouped into privacy units; it never leaves the process.
package struct ProbeCorpus: Sendable {
    /// The records of each unit, at least one a unit.
    let units: [Range<Int>]
    /// x of each record, [records, inputs].
    package let inputs: FloatBuffer
    /// The length of x.
    let inputCount: Int
    /// The class of each record in each column, as a place among all classes, [records, columns].
    let classes: [Int]

    /// Reads every record through the frozen model, alone; nil if it was asked to stop.
    ///
    /// - Parameters:
    ///   - units: The records of each unit. Private.
    ///   - states: The features.
    ///   - whitening: What is made of them, from public text.
    ///   - labels: The public label values.
    ///   - parallel: The threads to use; nothing depends on them.
    ///   - goesOn: Asked `readings` times, whatever the number of records, which must not show.
    package init?(
        units: [[LabelledTokens]],
        states: PooledStates,
        whitening: FeatureWhitening,
        labels: LabelSet,
        parallel: ParallelFor,
        goesOn: (Int) -> Bool
    ) {
        let texts = units.joined().map(\.tokens)
        let features = Embeddings(count: texts.count, dimension: states.dimension)
        for piece in 0..<Self.readings {
            let first = texts.count * piece / Self.readings
            let last = texts.count * (piece + 1) / Self.readings
            let part = states(Array(texts[first..<last]), parallel: parallel)
            features.values.store(
                part.values.values(0..<part.values.count),
                at: first * states.dimension
            )
            guard goesOn(piece + 1) else { return nil }
        }
        self.init(units: units, features: features, whitening: whitening, labels: labels)
    }

    /// How often reading the corpus is interrupted to ask whether to go on.
    package static let readings = 20

    init(
        units: [[LabelledTokens]],
        features: Embeddings,
        whitening: FeatureWhitening,
        labels: LabelSet
    ) {
        let records = units.flatMap { $0 }
        let columns = LabelClassifier(inputCount: 0, labels: labels).columns
        var ranges: [Range<Int>] = []
        for unit in units {
            let start = ranges.last?.upperBound ?? 0
            ranges.append(start..<start + unit.count)
        }
        self.units = ranges
        inputCount = whitening.inputCount
        inputs = FloatBuffer(count: records.count * whitening.inputCount)
        for record in records.indices {
            inputs.store(whitening(features.row(record)), at: record * inputCount)
        }
        ProbeSeam.share(inputs, ofLength: inputCount)
        classes = records.flatMap { record in
            zip(columns, record.labels).map { $0.lowerBound + $1 }
        }
    }

    /// Where each unit begins and which classes its records have: what sums depend on besides `inputs`.
    package var outline: [UInt8] {
        ([units.count] + units.map(\.count) + classes).flatMap { number in
            (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
    }
}
