import Foundation

/// Reverse-mode differentiation one Double at a time: slow, small and obviously right.
final class ScalarTape {
    struct Node {
        let index: Int
    }

    private(set) var values: [Double] = []
    private var edges: [[(parent: Int, slope: Double)]] = []

    func constant(_ value: Double) -> Node { add(value, []) }

    subscript(node: Node) -> Double { values[node.index] }

    func sum(_ terms: [Node]) -> Node {
        add(terms.reduce(0) { $0 + self[$1] }, terms.map { ($0, 1) })
    }

    func product(_ a: Node, _ b: Node) -> Node {
        add(self[a] * self[b], [(a, self[b]), (b, self[a])])
    }

    func dot(_ a: [Node], _ b: [Node]) -> Node {
        add(
            zip(a, b).reduce(0) { $0 + self[$1.0] * self[$1.1] },
            zip(a, b).flatMap { [($0, self[$1]), ($1, self[$0])] }
        )
    }

    func scaled(_ a: Node, _ factor: Double) -> Node { add(factor * self[a], [(a, factor)]) }

    func minus(_ a: Node, _ b: Node) -> Node { add(self[a] - self[b], [(a, 1), (b, -1)]) }

    func gelu(_ a: Node) -> Node {
        let x = self[a]
        let root = (2 / Double.pi).squareRoot()
        let t = tanh(root * (x + 0.044715 * x * x * x))
        let slope = root * (1 + 3 * 0.044715 * x * x)
        return add(0.5 * x * (1 + t), [(a, 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * slope)])
    }

    /// The product x·σ(x).
    func silu(_ a: Node) -> Node {
        let sigmoid = 1 / (1 + exp(-self[a]))
        return add(self[a] * sigmoid, [(a, sigmoid * (1 + self[a] * (1 - sigmoid)))])
    }

    func inverseRoot(_ a: Node) -> Node {
        let root = self[a].squareRoot()
        return add(1 / root, [(a, -0.5 / (root * root * root))])
    }

    func logSumExp(_ terms: [Node]) -> Node {
        let largest = terms.map { self[$0] }.max() ?? 0
        let total = terms.reduce(0) { $0 + exp(self[$1] - largest) }
        let value = largest + log(total)
        return add(value, terms.map { ($0, exp(self[$0] - value)) })
    }

    func exponential(_ a: Node) -> Node { add(exp(self[a]), [(a, exp(self[a]))]) }

    /// The derivative of `result` with respect to every node.
    func gradient(of result: Node) -> [Double] {
        var gradient = [Double](repeating: 0, count: values.count)
        gradient[result.index] = 1
        for index in stride(from: result.index, through: 0, by: -1) where gradient[index] != 0 {
            for edge in edges[index] { gradient[edge.parent] += edge.slope * gradient[index] }
        }
        return gradient
    }

    private func add(_ value: Double, _ parents: [(Node, Double)]) -> Node {
        values.append(value)
        edges.append(parents.map { ($0.0.index, $0.1) })
        return Node(index: values.count - 1)
    }
}
