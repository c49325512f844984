import Autograd
import Foundation
import Kernels
import LanguageModel

/// A decoder in Double, one scalar at a time; the oracle for losses, logits and gradients.
struct ReferenceDecoder {
    typealias Node = ScalarTape.Node

    let configuration: DecoderConfiguration
    let layout: ParameterLayout
    let values: [Double]

    init(_ parameters: DecoderParameters) {
        configuration = parameters.configuration
        layout = parameters.layout
        values = parameters.values.values(0..<parameters.layout.count).map(Double.init)
    }

    init(_ other: ReferenceDecoder, values: [Double]) {
        configuration = other.configuration
        layout = other.layout
        self.values = values
    }

    /// The unit's loss, and its gradient in the layout of the parameters.
    func lossAndGradient(_ unit: [TokenBatch.Sequence]) -> (loss: Double, gradient: [Double]) {
        let tape = ScalarTape()
        let parameters = values.map(tape.constant)
        var recordLosses: [Node] = []
        for sequence in unit where sequence.tokens.count > sequence.lossStart {
            let logits = logits(Array(sequence.tokens.dropLast()), parameters, tape)
            let losses = (sequence.lossStart..<sequence.tokens.count).map { index in
                tape.minus(
                    tape.logSumExp(logits[index - 1]),
                    logits[index - 1][Int(sequence.tokens[index])]
                )
            }
            recordLosses.append(tape.scaled(tape.sum(losses), 1 / Double(losses.count)))
        }
        let loss = tape.scaled(tape.sum(recordLosses), 1 / Double(max(unit.count, 1)))
        return (tape[loss], Array(tape.gradient(of: loss).prefix(parameters.count)))
    }

    /// How far every `interval`-th coordinate of a unit's gradient is from a central difference.
    ///
    /// The step is 1e-5: the difference's own error is about its square, and rounding 1e-16 over it.
    func gradientErrors(_ unit: [TokenBatch.Sequence], every interval: Int) -> [Double] {
        let (gradient, step) = (lossAndGradient(unit).gradient, 1e-5)
        return stride(from: 0, to: values.count, by: interval).map { index in
            func loss(_ change: Double) -> Double {
                var changed = values
                changed[index] += change
                return ReferenceDecoder(self, values: changed).lossAndGradient(unit).loss
            }
            return abs((loss(step) - loss(-step)) / (2 * step) - gradient[index])
        }
    }

    /// The logits of every position, [time][vocabulary].
    func logits(_ tokens: [Int32]) -> [[Double]] {
        let tape = ScalarTape()
        return logits(tokens, values.map(tape.constant), tape).map { $0.map { tape[$0] } }
    }

    private func logits(_ tokens: [Int32], _ parameters: [Node], _ tape: ScalarTape) -> [[Node]] {
        let pass = Pass(reference: self, parameters: parameters, tape: tape)
        let tokenTable = pass.rows("wte.weight")
        var x = tokens.map { tokenTable[Int($0)] }
        if configuration.positions == .learned {
            x = pass.added(x, Array(pass.rows("wpe.weight").prefix(tokens.count)))
        }
        for layer in 0..<configuration.layerCount {
            let block = "h.\(layer)."
            let normed = x.map { pass.norm($0, block + "ln_1") }
            let projections = pass.linear(normed, block + "attn.c_attn")
            let attended = pass.attention(projections, block)
            x = pass.added(x, pass.linear(attended, block + "attn.c_proj"))
            let hidden = pass.linear(x.map { pass.norm($0, block + "ln_2") }, block + "mlp.c_fc")
            x = pass.added(x, pass.linear(hidden.map(pass.activation), block + "mlp.c_proj"))
        }
        let head = configuration.isHeadTied ? tokenTable : pass.rows("lm_head.weight")
        return x.map { row in
            let normed = pass.norm(row, "ln_f")
            return head.map { tape.dot(normed, $0) }
        }
    }
}

/// The parts of a block, each as its paper writes it down.
private struct Pass {
    typealias Node = ScalarTape.Node

    let reference: ReferenceDecoder
    let parameters: [Node]
    let tape: ScalarTape
    private var shape: DecoderConfiguration { reference.configuration }

    func rows(_ name: String) -> [[Node]] {
        guard let entry = reference.layout[name] else { return [] }
        let columns = entry.shape.count > 1 ? entry.shape[1] : entry.shape[0]
        return stride(from: entry.offset, to: entry.offset + entry.count, by: columns).map {
            Array(parameters[$0..<$0 + columns])
        }
    }

    func added(_ a: [[Node]], _ b: [[Node]]) -> [[Node]] {
        zip(a, b).map { zip($0, $1).map { tape.sum([$0, $1]) } }
    }

    func norm(_ x: [Node], _ name: String) -> [Node] {
        var centered = x
        if shape.norm == .layer {
            let mean = tape.scaled(tape.sum(x), 1 / Double(x.count))
            centered = x.map { tape.minus($0, mean) }
        }
        let normed = unitRoot(centered, scale: rows(name + ".weight")[0])
        guard shape.norm == .layer else { return normed }
        return zip(normed, rows(name + ".bias")[0]).map { tape.sum([$0, $1]) }
    }

    private func unitRoot(_ x: [Node], scale: [Node]) -> [Node] {
        let square = tape.scaled(tape.dot(x, x), 1 / Double(x.count))
        let inverse = tape.inverseRoot(
            tape.sum([square, tape.constant(Double(shape.normEpsilon))])
        )
        return zip(x, scale).map { tape.product(tape.product($0, inverse), $1) }
    }

    func linear(_ x: [[Node]], _ name: String) -> [[Node]] {
        let (weight, bias) = (rows(name + ".weight"), rows(name + ".bias").first)
        return x.map { row in
            weight[0].indices.map { column in
                let product = tape.dot(row, weight.map { $0[column] })
                return bias.map { tape.sum([product, $0[column]]) } ?? product
            }
        }
    }

    func activation(_ hidden: [Node]) -> [Node] {
        let (gate, up) = (hidden.prefix(shape.innerWidth), hidden.suffix(shape.innerWidth))
        switch shape.activation {
        case .gelu: return hidden.map(tape.gelu)
        case .gatedSiLU: return zip(gate, up).map { tape.product(tape.silu($0), $1) }
        case .gatedGELU: return zip(gate, up).map { tape.product(tape.gelu($0), $1) }
        }
    }

    func attention(_ projections: [[Node]], _ block: String) -> [[Node]] {
        let width = shape.headWidth
        /// Head `head` of the parts that begin at column `start`, of every row.
        func heads(_ start: Int, _ head: Int, norm: String?) -> [[Node]] {
            projections.enumerated().map { position, row in
                var part = Array(row[start + head * width..<start + (head + 1) * width])
                guard let norm else { return part }
                if shape.hasHeadNorms { part = unitRoot(part, scale: rows(block + norm)[0]) }
                return turned(part, position)
            }
        }
        var outputs = [[Node]](repeating: [], count: projections.count)
        for head in 0..<shape.headCount {
            let shared = head * shape.sharedHeadCount / shape.headCount
            let queries = heads(0, head, norm: "attn.q_norm.weight")
            let keys = heads(shape.queryWidth, shared, norm: "attn.k_norm.weight")
            let values = heads(shape.queryWidth + shape.keyWidth, shared, norm: nil)
            for time in projections.indices {
                let scores = (0...time).map {
                    tape.scaled(tape.dot(queries[time], keys[$0]), 1 / Double(width).squareRoot())
                }
                let total = tape.logSumExp(scores)
                let weights = scores.map { tape.exponential(tape.minus($0, total)) }
                outputs[time] += (0..<width).map { column in
                    tape.dot(weights, (0...time).map { values[$0][column] })
                }
            }
        }
        return outputs
    }

    /// A head turned by its position, the halves paired: equation 34 of Su and others, 2021.
    private func turned(_ head: [Node], _ position: Int) -> [Node] {
        guard case .rotary(let rotary) = shape.positions else { return head }
        let half = head.count / 2
        var result = head
        for index in 0..<half {
            let frequency = pow(rotary.base, -Double(index) / Double(half))
            let angle = Double(position) * frequency
            let (x, y) = (head[index], head[half + index])
            result[index] = tape.minus(tape.scaled(x, cos(angle)), tape.scaled(y, sin(angle)))
            result[half + index] = tape.sum([
                tape.scaled(y, cos(angle)), tape.scaled(x, sin(angle)),
            ])
        }
        return result
    }
}
