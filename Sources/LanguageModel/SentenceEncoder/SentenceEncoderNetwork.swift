import Autograd
import Kernels

/// BERT's forward pass for one text, post-norm blocks.
///
/// Devlin et al. 2019, arXiv:1810.04805.
struct SentenceEncoderNetwork: Sendable {
    /// y = x·Wᵀ + b.
    struct Linear: Sendable {
        let weight: Matrix
        let bias: Matrix

        func callAsFunction(_ input: Matrix, into output: Matrix) {
            output.fillRows(with: bias)
            MatrixMultiply.multiply(input, transposed: weight, into: output, adding: true)
        }
    }

    struct Norm: Sendable {
        let scale: Matrix
        let shift: Matrix
    }

    struct Block: Sendable {
        let query: Linear
        let key: Linear
        let value: Linear
        let mixing: Linear
        let attentionNorm: Norm
        let inner: Linear
        let outer: Linear
        let outputNorm: Norm
    }

    let configuration: SentenceEncoderConfiguration
    private let words: Matrix
    private let positions: Matrix
    private let segment: Matrix
    private let embeddingNorm: Norm
    private let blocks: [Block]

    init(_ parameters: SentenceEncoderParameters) {
        configuration = parameters.configuration
        let entries = Dictionary(
            uniqueKeysWithValues: parameters.layout.entries.map { ($0.name, $0) }
        )
        func matrix(_ name: String) -> Matrix {
            guard let entry = entries[name] else { preconditionFailure("no parameter \(name)") }
            let rows = entry.shape.count == 1 ? 1 : entry.shape[0]
            return Matrix(
                parameters.values,
                offset: entry.offset,
                rows: rows,
                columns: entry.count / rows
            )
        }
        func linear(_ name: String) -> Linear {
            Linear(weight: matrix(name + ".weight"), bias: matrix(name + ".bias"))
        }
        func norm(_ name: String) -> Norm {
            Norm(scale: matrix(name + ".weight"), shift: matrix(name + ".bias"))
        }
        words = matrix("embeddings.word_embeddings.weight")
        positions = matrix("embeddings.position_embeddings.weight")
        segment = matrix("embeddings.token_type_embeddings.weight").rows(0..<1)
        embeddingNorm = norm("embeddings.LayerNorm")
        blocks = (0..<configuration.layerCount).map { layer in
            let block = "encoder.layer.\(layer)."
            return Block(
                query: linear(block + "attention.self.query"),
                key: linear(block + "attention.self.key"),
                value: linear(block + "attention.self.value"),
                mixing: linear(block + "attention.output.dense"),
                attentionNorm: norm(block + "attention.output.LayerNorm"),
                inner: linear(block + "intermediate.dense"),
                outer: linear(block + "output.dense"),
                outputNorm: norm(block + "output.LayerNorm")
            )
        }
    }

    /// The mean of the last hidden states over all positions, [width].
    ///
    /// - Parameters:
    ///   - tokens: At least one and at most the context's length.
    ///   - scratch: Memory for the pass.
    /// - Returns: Not normalised.
    func meanState(_ tokens: [Int32], scratch: Arena) -> [Float] {
        scratch.reset()
        let (time, width) = (tokens.count, configuration.width)
        let hidden = scratch.matrix(rows: time, columns: width)
        scratch.scoped {
            let sum = scratch.matrix(rows: time, columns: width)
            sum.gather(tokens.map(Int.init), from: words)
            sum.add(positions.rows(0..<time))
            sum.addToRows(segment)
            normalize(sum, embeddingNorm, into: hidden, scratch)
        }
        for block in blocks { scratch.scoped { run(block, on: hidden, scratch) } }
        let mean = scratch.matrix(rows: 1, columns: width)
        mean.fill(with: 0)
        mean.addColumnSums(of: hidden)
        mean.scale(by: 1 / Float(time))
        return mean.values
    }

    private func run(_ block: Block, on hidden: Matrix, _ scratch: Arena) {
        let (time, width) = (hidden.rows, hidden.columns)
        let attended = scratch.matrix(rows: time, columns: width)
        let sum = scratch.matrix(rows: time, columns: width)
        attend(block, hidden, into: attended, scratch)
        block.mixing(attended, into: sum)
        sum.add(hidden)
        normalize(sum, block.attentionNorm, into: hidden, scratch)
        let inner = scratch.matrix(rows: time, columns: configuration.innerWidth)
        block.inner(hidden, into: inner)
        ExactGELU.apply(inner)
        block.outer(inner, into: sum)
        sum.add(hidden)
        normalize(sum, block.outputNorm, into: hidden, scratch)
    }

    private func attend(
        _ block: Block,
        _ hidden: Matrix,
        into output: Matrix,
        _ scratch: Arena
    ) {
        scratch.scoped {
            let (time, width) = (hidden.rows, hidden.columns)
            let query = scratch.matrix(rows: time, columns: width)
            let key = scratch.matrix(rows: time, columns: width)
            let value = scratch.matrix(rows: time, columns: width)
            let scores = scratch.matrix(rows: time, columns: time)
            block.query(hidden, into: query)
            block.key(hidden, into: key)
            block.value(hidden, into: value)
            for head in 0..<configuration.headCount {
                let start = head * configuration.headWidth
                let columns = start..<start + configuration.headWidth
                FullAttention.forward(
                    query: query.columns(columns),
                    key: key.columns(columns),
                    value: value.columns(columns),
                    into: output.columns(columns),
                    scratch: scores
                )
            }
        }
    }

    private func normalize(_ input: Matrix, _ norm: Norm, into output: Matrix, _ scratch: Arena) {
        scratch.scoped {
            LayerNorm.forward(
                input,
                scale: norm.scale,
                shift: norm.shift,
                epsilon: configuration.layerNormEpsilon,
                normalized: scratch.matrix(rows: input.rows, columns: input.columns),
                inverseDeviation: scratch.matrix(rows: input.rows, columns: 1),
                output: output
            )
        }
    }
}
