import Autograd
import Kernels
import LanguageModel

/// GPT-2 in Double, one scalar at a time; the oracle for losses, logits and gradients.
struct ReferenceGPT2 {
    typealias Node = ScalarTape.Node

    let configuration: GPT2Configuration
    let layout: ParameterLayout
    let values: [Double]

    init(_ parameters: GPT2Parameters) {
        configuration = parameters.configuration
        layout = parameters.layout
        values = parameters.values.values(0..<parameters.layout.count).map(Double.init)
    }

    init(_ other: ReferenceGPT2, values: [Double]) {
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

    /// The logits of every position, [time][vocabulary].
    func logits(_ tokens: [Int32]) -> [[Double]] {
        let tape = ScalarTape()
        return logits(tokens, values.map(tape.constant), tape).map { $0.map { tape[$0] } }
    }

    private func logits(_ tokens: [Int32], _ parameters: [Node], _ tape: ScalarTape) -> [[Node]] {
        let width = configuration.width
        func rows(_ name: String) -> [[Node]] {
            guard let entry = layout[name] else { return [] }
            let columns = entry.shape.count > 1 ? entry.shape[1] : entry.shape[0]
            return stride(from: entry.offset, to: entry.offset + entry.count, by: columns).map {
                Array(parameters[$0..<$0 + columns])
            }
        }
        func norm(_ x: [Node], _ name: String) -> [Node] {
            let mean = tape.scaled(tape.sum(x), 1 / Double(width))
            let centered = x.map { tape.minus($0, mean) }
            let variance = tape.scaled(tape.dot(centered, centered), 1 / Double(width))
            let inverse = tape.inverseRoot(
                tape.sum([variance, tape.constant(Double(configuration.layerNormEpsilon))])
            )
            let (scale, shift) = (rows(name + ".weight")[0], rows(name + ".bias")[0])
            return centered.indices.map {
                tape.sum([
                    tape.product(tape.product(centered[$0], inverse), scale[$0]), shift[$0],
                ])
            }
        }
        func linear(_ x: [[Node]], _ name: String) -> [[Node]] {
            let (weight, bias) = (rows(name + ".weight"), rows(name + ".bias")[0])
            return x.map { row in
                bias.indices.map { column in
                    tape.sum([tape.dot(row, weight.map { $0[column] }), bias[column]])
                }
            }
        }
        func added(_ a: [[Node]], _ b: [[Node]]) -> [[Node]] {
            zip(a, b).map { zip($0, $1).map { tape.sum([$0, $1]) } }
        }
        let (tokenTable, positionTable) = (rows("wte.weight"), rows("wpe.weight"))
        var x = added(
            tokens.map { tokenTable[Int($0)] },
            tokens.indices.map { positionTable[$0] }
        )
        for layer in 0..<configuration.layerCount {
            let block = "h.\(layer)."
            let projections = linear(x.map { norm($0, block + "ln_1") }, block + "attn.c_attn")
            x = added(x, linear(attention(projections, tape), block + "attn.c_proj"))
            let hidden = linear(x.map { norm($0, block + "ln_2") }, block + "mlp.c_fc")
            x = added(x, linear(hidden.map { $0.map(tape.gelu) }, block + "mlp.c_proj"))
        }
        return x.map { row in
            let normed = norm(row, "ln_f")
            return tokenTable.map { tape.dot(normed, $0) }
        }
    }

    private func attention(_ projections: [[Node]], _ tape: ScalarTape) -> [[Node]] {
        let (width, headWidth) = (configuration.width, configuration.headWidth)
        return projections.indices.map { time in
            (0..<configuration.headCount).flatMap { head -> [Node] in
                func part(_ row: Int, _ index: Int) -> [Node] {
                    let start = index * width + head * headWidth
                    return Array(projections[row][start..<start + headWidth])
                }
                let scores = (0...time).map {
                    tape.scaled(
                        tape.dot(part(time, 0), part($0, 1)),
                        1 / Double(headWidth).squareRoot()
                    )
                }
                let total = tape.logSumExp(scores)
                let weights = scores.map { tape.exponential(tape.minus($0, total)) }
                return (0..<headWidth).map { column in
                    tape.dot(weights, (0...time).map { part($0, 2)[column] })
                }
            }
        }
    }
}
