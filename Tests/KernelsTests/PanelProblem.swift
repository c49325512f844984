import TestData

@testable import Kernels

/// A product, its factors and what it should become; all with gaps between their rows.
struct PanelProblem {
    /// Inner elements of one chain, and what its length is a multiple of.
    private static let (depth, line) = (192, 16)

    /// How a product is asked for.
    struct Form: Sendable {
        var transposesA = false
        var transposesB = false
        var scale: Float = 1
        var adds = false
        var hasBias = false

        /// A form for any number: all of them, sooner or later.
        init(_ number: Int) {
            (transposesA, transposesB) = (number & 1 > 0, number & 2 > 0)
            (adds, hasBias) = (number & 4 > 0, number & 8 > 0)
            scale = [1, 0.75, -3][number % 3]
        }
    }

    let form: Form
    let a, b, product, bias: Matrix
    let inner: Int

    init(_ form: Form, _ rows: Int, _ inner: Int, _ columns: Int) {
        var generator = SeededGenerator(seed: UInt64(rows + 100 * columns + 10_000 * inner))
        func matrix(_ rows: Int, _ columns: Int, _ isTransposed: Bool) -> Matrix {
            isTransposed
                ? generator.matrix(rows: columns, columns: rows, gap: 1)
                : generator.matrix(rows: rows, columns: columns, gap: 3)
        }
        self.form = form
        self.inner = inner
        a = matrix(rows, inner, form.transposesA)
        b = matrix(inner, columns, form.transposesB)
        product = matrix(rows, columns, false)
        bias = matrix(1, columns, false)
    }

    func left(_ row: Int, _ k: Int) -> Float { form.transposesA ? a[k, row] : a[row, k] }
    func right(_ k: Int, _ column: Int) -> Float { form.transposesB ? b[column, k] : b[k, column] }

    func multiply(on set: InstructionSet) {
        guard product.rows > 0, product.columns > 0, inner > 0 else { return }
        PanelProduct.multiply(
            form.transposesA ? .init(columns: a) : .init(rows: a),
            form.transposesB ? .init(rows: b) : .init(columns: b),
            inner: inner,
            into: product,
            scale: form.scale,
            adding: form.adds,
            bias: form.hasBias ? bias : nil,
            on: set
        )
    }

    /// One element by itself: the chains of its parts, added in order.
    func chain(_ row: Int, _ column: Int, on set: InstructionSet) -> Float {
        let lines = (inner + Self.line - 1) / Self.line
        let parts = (inner + Self.depth - 1) / Self.depth
        var total: Float? = form.adds ? product[row, column] : nil
        for part in 0..<parts {
            let start = lines * part / parts * Self.line
            let end = min(lines * (part + 1) / parts * Self.line, inner)
            var sum: Float = 0
            for k in start..<end {
                // Without FMA products are rounded before they are added.
                sum =
                    set == .baseline
                    ? sum + left(row, k) * right(k, column)
                    : sum.addingProduct(left(row, k), right(k, column))
            }
            sum *= form.scale
            if part == 0, form.hasBias { sum += bias[0, column] }
            total = total.map { sum + $0 } ?? sum
        }
        return total ?? 0
    }

    /// The element in Double, and a bound of what single precision may lose of it.
    func exact(_ row: Int, _ column: Int) -> (value: Double, bound: Double) {
        var (value, size) = (0.0, 0.0)
        for k in 0..<inner {
            let term = Double(form.scale) * Double(left(row, k)) * Double(right(k, column))
            (value, size) = (value + term, size + abs(term))
        }
        for term in [form.adds ? product[row, column] : 0, form.hasBias ? bias[0, column] : 0] {
            (value, size) = (value + Double(term), size + abs(Double(term)))
        }
        // Higham 2002, Accuracy and Stability, Sec. 3.1: a term takes part in at most two
        // roundings a step of its chain; then come scale, bias and old value.
        let roundings = Double(2 * inner + 4) * 0x1p-24
        return (value, roundings / (1 - roundings) * size)
    }

    /// Whether all elements have the bits that each has by itself, near the exact ones.
    func isRight(on set: InstructionSet, multiply: (InstructionSet) -> Void) -> Bool {
        var expected: [(Float, value: Double, bound: Double)] = []
        for row in 0..<product.rows {
            for column in 0..<product.columns {
                let (value, bound) = exact(row, column)
                expected.append((chain(row, column, on: set), value, bound))
            }
        }
        multiply(set)
        return zip(product.values, expected).allSatisfy { found, expected in
            found == expected.0 && abs(Double(found) - expected.value) <= expected.bound
        }
    }
}
