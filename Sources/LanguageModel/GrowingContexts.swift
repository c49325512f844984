internal import Foundation
package import Kernels
import Synchronization

/// A decoder for contexts that grow token by token, each with what was read of it kept.
///
/// For whoever chooses tokens by the logits of several contexts together. What follows a context depends
/// on its own tokens alone: not on the contexts beside it or the number of threads, to the last bit.
package struct ContextDecoder: Sendable {
    let model: PackedDecoder
    let parallel: ParallelFor

    /// Packs the parameters, which takes as much memory again; they must stay as they are.
    package init(_ parameters: DecoderParameters, parallel: ParallelFor) {
        model = PackedDecoder(parameters, parallel: parallel)
        self.parallel = parallel
    }

    /// Tokens that a context can hold.
    package var contextLength: Int { model.configuration.contextLength }
}

/// What a model finds likely after a context.
package struct NextTokenLogits: Sendable {
    /// One a token of the vocabulary; not normalised.
    package let values: [Float]
    /// ln Σ e^value: what to subtract for logarithms of probabilities; NaN if a value is.
    package let logSum: Double

    init(_ values: [Float]) {
        self.values = values
        let largest = Double(values.max() ?? 0)
        logSum = largest + log(values.reduce(0.0) { $0 + exp(Double($1) - largest) })
    }
}

/// Contexts that are fed together, with their keys and values.
package final class GrowingContexts {
    private let decoder: ContextDecoder
    private let pass: DecodingPass
    private let cache: KeyValueCache
    private let rowLimit: Int
    private var lengths: [Int]

    /// Makes room for contexts without tokens.
    ///
    /// - Parameters:
    ///   - decoder: The model.
    ///   - count: How many contexts, at least 1.
    ///   - positions: Tokens that one of them may come to have, at most the model's context.
    package init(_ decoder: ContextDecoder, count: Int, positions: Int) {
        precondition(count >= 1 && positions <= decoder.contextLength)
        self.decoder = decoder
        rowLimit = max(256, count)
        pass = DecodingPass(
            decoder.model,
            rowLimit: rowLimit,
            sequenceLimit: count,
            parallel: decoder.parallel
        )
        cache = KeyValueCache(
            decoder.model.configuration,
            slotCount: count,
            positions: positions
        )
        lengths = Array(repeating: 0, count: count)
    }

    /// Feeds tokens to some contexts.
    ///
    /// - Parameter pieces: The contexts, each once and ascending, with at least one token each.
    /// - Returns: What follows each of them, in their order.
    package func feed(_ pieces: [(context: Int, tokens: [Int32])]) -> [NextTokenLogits] {
        var results = [NextTokenLogits?](repeating: nil, count: pieces.count)
        var fed = pieces.map { _ in 0 }
        while let first = pieces.indices.first(where: { fed[$0] < pieces[$0].tokens.count }) {
            var room = rowLimit
            var runs: [TokenRun] = []
            var ended: [Int] = []
            for piece in first..<pieces.count where room > 0 {
                let (context, tokens) = pieces[piece]
                let taken = Array(tokens[fed[piece]...].prefix(room))
                guard !taken.isEmpty else { continue }
                fed[piece] += taken.count
                let isComplete = fed[piece] == tokens.count
                runs.append(
                    TokenRun(
                        slot: context,
                        firstPosition: lengths[context],
                        tokens: taken,
                        firstRow: rowLimit - room,
                        logitsRow: isComplete ? ended.count : nil
                    )
                )
                if isComplete { ended.append(piece) }
                lengths[context] += taken.count
                room -= taken.count
            }
            for (piece, logits) in zip(ended, logits(after: runs, count: ended.count)) {
                results[piece] = logits
            }
        }
        return results.compactMap(\.self)
    }

    private func logits(after runs: [TokenRun], count: Int) -> [NextTokenLogits] {
        let found = Mutex([NextTokenLogits?](repeating: nil, count: count))
        _ = pass.run(runs, cache: cache) { place, logits in
            let next = NextTokenLogits(logits.values)
            found.withLock { $0[place] = next }
            return 0
        }
        return found.withLock { $0.compactMap(\.self) }
    }
}
