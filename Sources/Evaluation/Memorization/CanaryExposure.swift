import Foundation

/// How much a model favours a canary that was in its training data over others like it that were not.
///
///     exposure = log₂(number of candidates) − log₂(rank)      Carlini et al. 2019, arXiv:1802.08232
///
/// The candidates are the canary and its fillers of the same type. Exposure near log₂ of their number
/// means memorised; a canary never trained on has expected exposure about 1.44 (1/ln 2).
public struct CanaryExposure: Sendable, Codable, Equatable {
    /// 1 when no filler has a loss as low as the canary's.
    ///
    /// Ties count against memorisation claims:
    /// the canary takes the last place among equals.
    public let rank: Int
    /// In bits, in [0, log₂(candidates)].
    public let exposure: Double
    /// The canary and its fillers.
    public let candidateCount: Int

    enum CodingKeys: String, CodingKey {
        case rank, exposure
        case candidateCount = "candidates"
    }

    /// Ranks a canary; `nil` when there is no filler or a loss is NaN.
    ///
    /// - Parameters:
    ///   - canaryLoss: The model's loss on the canary, nats, in the same reduction as the fillers'.
    ///   - fillerLosses: The losses on same-type texts drawn like the canary but never trained on.
    package init?(canaryLoss: Double, fillerLosses: [Double]) {
        guard !fillerLosses.isEmpty, !canaryLoss.isNaN, !fillerLosses.contains(where: \.isNaN)
        else { return nil }
        rank = 1 + fillerLosses.count { $0 <= canaryLoss }
        candidateCount = fillerLosses.count + 1
        exposure = log2(Double(candidateCount)) - log2(Double(rank))
    }
}

/// A text that was planted in training data, and others like it that were not.
public struct Canary: Sendable, Codable, Equatable {
    /// The planted text.
    public let text: String
    /// Texts of the same form, drawn like the canary and never trained on.
    public let fillers: [String]

    /// Groups a canary with its fillers.
    public init(text: String, fillers: [String]) {
        self.text = text
        self.fillers = fillers
    }
}
