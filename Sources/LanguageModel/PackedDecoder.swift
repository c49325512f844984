import Autograd
import Kernels

/// A decoder's weights rearranged for generation; takes as much memory again as the parameters.
struct PackedDecoder: Sendable {
    /// Scale and shift; no shift is RMS normalisation.
    struct Norm: Sendable {
        let scale: Matrix
        let shift: Matrix?
        let epsilon: Float
    }

    /// A linear layer.
    struct Layer: Sendable {
        let weight: PackedMatrix
        let bias: Matrix?
    }

    /// The weights of one block.
    struct Block: Sendable {
        let attentionNorm: Norm
        let attention: Layer
        let queryNorm: Norm?
        let keyNorm: Norm?
        let attentionOutput: Layer
        let feedForwardNorm: Norm
        let feedForward: Layer
        let feedForwardOutput: Layer
    }

    let configuration: DecoderConfiguration
    let tokenEmbedding: Matrix
    let positionEmbedding: Matrix?
    /// Angles of a position; nil without rotary positions.
    let frequencies: [Double]?
    let blocks: [Block]
    let finalNorm: Norm
    let head: PredictionHead
    /// Whether workers do best to take sequences of their own through the whole model: each reads
    /// all weights, which a small model allows, and they meet once a token.
    let suitsLoneWorkers: Bool

    /// Whether the weights are more than a core's caches hold.
    static func isLarge(_ parameters: DecoderParameters) -> Bool {
        parameters.layout.parameterCount >= 50_000_000
    }

    /// Packs the parameters; with `isScreened` the head's once more, for few texts at a time.
    init(_ parameters: DecoderParameters, isScreened: Bool = false, parallel: ParallelFor) {
        let source = Source(parameters: parameters, parallel: parallel)
        configuration = parameters.configuration
        tokenEmbedding = source.required("wte.weight")
        positionEmbedding = source.matrix("wpe.weight")
        frequencies = configuration.frequencies
        blocks = (0..<configuration.layerCount).map { layer in
            let block = "h.\(layer)."
            return Block(
                attentionNorm: source.norm(block + "ln_1"),
                attention: source.linear(block + "attn.c_attn"),
                queryNorm: source.headNorm(block + "attn.q_norm"),
                keyNorm: source.headNorm(block + "attn.k_norm"),
                attentionOutput: source.linear(block + "attn.c_proj"),
                feedForwardNorm: source.norm(block + "ln_2"),
                feedForward: source.linear(block + "mlp.c_fc"),
                feedForwardOutput: source.linear(block + "mlp.c_proj")
            )
        }
        finalNorm = source.norm("ln_f")
        suitsLoneWorkers = !Self.isLarge(parameters)
        head = PredictionHead(
            source.matrix("lm_head.weight") ?? tokenEmbedding,
            isScreened: isScreened,
            parallel: parallel
        )
    }

    /// Looks parameters up by name.
    private struct Source {
        let parameters: DecoderParameters
        let parallel: ParallelFor

        /// A vector is a matrix of one row; nil for what the configuration does not have.
        func matrix(_ name: String) -> Matrix? {
            parameters.layout[name].map { $0.matrix(in: parameters.values) }
        }

        func required(_ name: String) -> Matrix {
            guard let matrix = matrix(name) else {
                preconditionFailure("DecoderParameters has no \(name)")
            }
            return matrix
        }

        func norm(_ name: String) -> Norm {
            Norm(
                scale: required(name + ".weight"),
                shift: matrix(name + ".bias"),
                epsilon: parameters.configuration.normEpsilon
            )
        }

        func headNorm(_ name: String) -> Norm? {
            parameters.configuration.hasHeadNorms ? norm(name) : nil
        }

        func linear(_ name: String) -> Layer {
            Layer(
                weight: PackedMatrix(packing: required(name + ".weight"), parallel: parallel),
                bias: matrix(name + ".bias")
            )
        }
    }
}
