import Corpus
import DifferentialPrivacy
import LanguageModel

extension FineTuningStart {
    /// Refuses a model that cannot read that many tokens.
    static func requireFits(_ configuration: GPT2Configuration, _ sequenceLength: Int) throws {
        guard sequenceLength >= 2, sequenceLength <= configuration.contextLength else {
            throw TrainingError.badConfiguration(
                problem: "--sequence-length is \(sequenceLength); it must be between 2 and the"
                    + " model's context of \(configuration.contextLength)."
            )
        }
    }

    /// Refuses adapters that are larger than what they are added to.
    ///
    /// No linear layer is narrower than the model, and no checkpoint with such adapters is read.
    static func requireAdaptersFit(_ rank: Int?, _ configuration: GPT2Configuration) throws {
        guard let rank, rank > configuration.width else { return }
        throw TrainingError.badConfiguration(
            problem: "--lora-rank is \(rank); it must be at most the model's width of"
                + " \(configuration.width)."
        )
    }

    /// The corpus files and the columns that are read of them.
    static func fingerprint(
        _ reading: CorpusReading,
        _ directory: LedgerDirectory
    ) throws -> CorpusFingerprint {
        try CorpusFingerprint(
            paths: reading.paths,
            columns: reading.columns.namesByPurpose,
            key: try directory.makeFingerprintKey()
        )
    }

    /// Refuses exact noise whose grid would be too coarse for that many coordinates.
    static func requireExactNoiseFits(_ plan: PrivacyPlan, coordinates: Int) throws {
        guard plan.noiseKind == .discreteGaussian else { return }
        let largest = GaussianMechanism.largestDiscreteNoiseMultiplier(coordinates: coordinates)
        guard plan.noiseMultiplier <= largest else {
            throw TrainingError.badConfiguration(
                problem: "--exact-noise over \(coordinates) parameters serves noise multipliers up"
                    + " to \(largest), not \(plan.noiseMultiplier). Leave it out,"
                    + " train fewer parameters (--lora-rank), or with less noise."
            )
        }
    }
}
