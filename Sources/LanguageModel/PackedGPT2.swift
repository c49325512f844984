import Autograd
import Kernels

/// GPT-2's weights rearranged for generation; takes as much memory again as the parameters.
struct PackedGPT2: Sendable {
    /// The weights of one block.
    struct Block: Sendable {
        let attentionNorm: (scale: Matrix, shift: Matrix)
        let attention: (weight: PackedMatrix, bias: Matrix)
        let attentionOutput: (weight: PackedMatrix, bias: Matrix)
        let feedForwardNorm: (scale: Matrix, shift: Matrix)
        let feedForward: (weight: PackedMatrix, bias: Matrix)
        let feedForwardOutput: (weight: PackedMatrix, bias: Matrix)
    }

    let configuration: GPT2Configuration
    let tokenEmbedding: Matrix
    let positionEmbedding: Matrix
    let blocks: [Block]
    let finalNorm: (scale: Matrix, shift: Matrix)
    let head: PredictionHead
    /// Whether workers do best to take sequences of their own through the whole model: each reads
    /// all weights, which a small model allows, and they meet once a token.
    let suitsLoneWorkers: Bool

    /// Whether the weights are more than a core's caches hold.
    static func isLarge(_ parameters: GPT2Parameters) -> Bool {
        parameters.layout.parameterCount >= 50_000_000
    }

    /// Packs the parameters; with `isScreened` the head's once more, for few texts at a time.
    init(_ parameters: GPT2Parameters, isScreened: Bool = false, parallel: ParallelFor) {
        let source = Source(parameters: parameters, parallel: parallel)
        configuration = parameters.configuration
        tokenEmbedding = source.matrix("wte.weight")
        positionEmbedding = source.matrix("wpe.weight")
        blocks = (0..<configuration.layerCount).map { layer in
            let block = "h.\(layer)."
            return Block(
                attentionNorm: source.norm(block + "ln_1"),
                attention: source.linear(block + "attn.c_attn"),
                attentionOutput: source.linear(block + "attn.c_proj"),
                feedForwardNorm: source.norm(block + "ln_2"),
                feedForward: source.linear(block + "mlp.c_fc"),
                feedForwardOutput: source.linear(block + "mlp.c_proj")
            )
        }
        finalNorm = source.norm("ln_f")
        suitsLoneWorkers = !Self.isLarge(parameters)
        head = PredictionHead(tokenEmbedding, isScreened: isScreened, parallel: parallel)
    }

    /// Looks parameters up by name.
    private struct Source {
        let parameters: GPT2Parameters
        let parallel: ParallelFor

        /// A vector is a matrix of one row.
        func matrix(_ name: String) -> Matrix {
            guard let entry = parameters.layout[name] else {
                preconditionFailure("GPT2Parameters has no \(name)")
            }
            let rows = entry.shape.count == 1 ? 1 : entry.shape[0]
            return Matrix(
                parameters.values,
                offset: entry.offset,
                rows: rows,
                columns: entry.count / rows
            )
        }

        func norm(_ name: String) -> (scale: Matrix, shift: Matrix) {
            (matrix(name + ".weight"), matrix(name + ".bias"))
        }

        func linear(_ name: String) -> (weight: PackedMatrix, bias: Matrix) {
            (
                PackedMatrix(packing: matrix(name + ".weight"), parallel: parallel),
                matrix(name + ".bias")
            )
        }
    }
}
