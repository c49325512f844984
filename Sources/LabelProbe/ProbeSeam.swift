import DifferentialPrivacy
import Kernels
import LanguageModel

/// Where tests of a debug build come into a label probe, by the `PlantedFault` of the present task.
///
/// In a release build nothing is changed.
enum ProbeSeam {
    /// The units that are clipped: those of the corpus, or each of its records.
    static func units(of corpus: ProbeCorpus) -> [Range<Int>] {
        #if DEBUG
        if PlantedFault.current?.kind == .recordsClippedSingly {
            return corpus.units.joined().map { $0..<$0 + 1 }
        }
        #endif
        return corpus.units
    }

    /// Lets each record's inputs depend on those of the one before it.
    static func share(_ inputs: FloatBuffer, ofLength count: Int) {
        #if DEBUG
        guard PlantedFault.current?.kind == .featuresOfBatchMates else { return }
        for place in stride(from: count, to: inputs.count, by: 1) {
            inputs[place] += 0.5 * inputs[place - count]
        }
        #endif
    }
}

#if DEBUG
extension FeatureWhitening.SyntheticFeatures {
    /// Stands for a defect: statistics of private features.
    init(leaking values: Embeddings) { self.values = values }
}
#endif
