import Foundation
import Kernels

/// Draws one token from a row of logits.
///
/// The distribution is Hugging Face's: logits divided by the temperature, cut to the k likeliest
/// (with ties), then to the smallest set of likeliest tokens whose probability reaches p
/// (Holtzman et al. 2020, arXiv:1904.09751), renormalised. O(vocabulary): no full sort.
struct TokenSampler: Sendable {
    let options: SamplingOptions

    /// Whether a draw needs a random number; at a temperature too small to divide by, it does not.
    var isRandom: Bool { options.temperature > 0 && (1 / options.temperature).isFinite }

    /// Whether the logits, [1, vocabulary], of the tokens that may be drawn are sound.
    func canDraw(from row: Matrix) -> Bool {
        SamplingKernels.canDraw(from: drawable(row))
    }

    private func drawable(_ row: Matrix) -> Matrix {
        row.columns(0..<min(options.vocabularySize ?? row.columns, row.columns))
    }

    /// Which logits of a model decide a draw; nil if all of them do.
    func decisiveLogits(of model: DecoderConfiguration) -> PredictionHead.Decisive? {
        let rank = isRandom ? options.topK : 1
        guard rank > 0 else { return nil }
        let vocabularySize = min(options.vocabularySize ?? .max, model.vocabularySize)
        return PredictionHead.Decisive(rank: rank, vocabularySize: vocabularySize)
    }

    /// The token for a row of logits, [1, vocabulary], overwritten, and a number in [0, 1).
    ///
    /// It is below `options.vocabularySize`, whatever the logits of other rows are.
    func token(for row: Matrix, uniform: Double) -> Int32 {
        let logits = drawable(row)
        let maximum = SamplingKernels.maximum(of: logits)
        guard isRandom else {
            return SamplingKernels.indices(in: logits, atLeast: maximum).first ?? 0
        }
        if options.topK > 0 && options.topK < logits.columns {
            let candidates = LargestValues.indices(options.topK, in: logits).map { id in
                let scaled = Double((logits[0, Int(id)] - maximum) / options.temperature)
                return Candidate(id: id, weight: exp(scaled))
            }
            return draw(candidates, total: candidates.reduce(0) { $0 + $1.weight }, uniform)
        }
        let total = SamplingKernels.softmaxWeights(
            logits,
            scale: 1 / options.temperature,
            maximum: maximum
        )
        guard options.topP < 1 else { return Self.draw(from: logits, total: total, uniform) }
        return draw(likeliest(in: logits, total: total), total: total, uniform)
    }

    private struct Candidate {
        let id: Int32
        let weight: Double
    }

    /// Enough of the likeliest tokens to reach p.
    private func likeliest(in weights: Matrix, total: Double) -> [Candidate] {
        var rank = 64
        while true {
            let candidates = LargestValues.indices(rank, in: weights).map {
                Candidate(id: $0, weight: Double(weights[0, Int($0)]))
            }
            let reached = candidates.reduce(0) { $0 + $1.weight }
            if reached >= Double(options.topP) * total || rank >= weights.columns {
                return candidates
            }
            rank *= 4
        }
    }

    /// Cuts candidates to the nucleus and draws one in proportion to its weight.
    private func draw(_ candidates: [Candidate], total: Double, _ uniform: Double) -> Int32 {
        var kept = candidates
        var sum = total
        if options.topP < 1 {
            kept.sort { ($0.weight, $1.id) > ($1.weight, $0.id) }
            let limit = Double(options.topP) * total
            sum = 0
            let count = kept.firstIndex { candidate in
                if sum >= limit { return true }
                sum += candidate.weight
                return false
            }
            kept = Array(kept[..<(count ?? kept.count)])
        }
        var rest = uniform * sum
        for candidate in kept {
            rest -= candidate.weight
            if rest < 0 { return candidate.id }
        }
        return kept.last?.id ?? 0
    }

    /// Draws from all weights, [1, vocabulary].
    private static func draw(from weights: Matrix, total: Double, _ uniform: Double) -> Int32 {
        weights.buffer.withSpan(weights.range) { weights in
            var rest = uniform * total
            var last = 0
            for index in 0..<weights.count where weights[index] > 0 {
                rest -= Double(weights[index])
                last = index
                if rest < 0 { break }
            }
            return Int32(last)
        }
    }
}
