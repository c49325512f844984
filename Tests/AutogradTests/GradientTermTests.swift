import Autograd
import Kernels
import TestData
import Testing

@Suite struct GradientTermTests {
    private static let units = [0..<1, 1..<5, 5..<5, 5..<12]
    private static let vocabulary = 6

    private let head: ProductTerm
    private let embedding: LookupTerm
    private let terms: [GradientTerm]
    private let dense: [[[Double]]]

    init() {
        var generator = SeededGenerator(seed: 1)
        head = ProductTerm(
            left: generator.matrix(rows: 12, columns: Self.vocabulary),
            right: generator.matrix(rows: 12, columns: 4),
            units: Self.units
        )
        embedding = LookupTerm(
            indices: [3, 0, 5, 0, 0, 1, 2, 1, 4, 1, 2, 5],
            rows: generator.matrix(rows: 12, columns: 4),
            units: Self.units
        )
        terms = [.product(head), .lookup(embedding)]
        let (head, embedding) = (head, embedding)
        dense = [
            Self.units.map { DenseGradient.product(head.left, head.right, rows: $0) },
            Self.units.map {
                DenseGradient.lookup(
                    embedding.indices,
                    embedding.rows,
                    unit: $0,
                    count: Self.vocabulary
                )
            },
        ]
    }

    @Test(arguments: units.indices)
    func normsAreThoseOfTheDenseGradient(unit: Int) {
        for (term, gradients) in zip(terms, dense) {
            let expected = DenseGradient.squaredNorm(gradients[unit])
            let norm = term.squaredNorm(unit: unit, scratch: Arena()).norm
            #expect(abs(norm.value - expected) <= 1e-5 * expected)
            #expect(abs(norm.value - expected) <= norm.error && norm.error <= 1e-3 * expected)
        }
    }

    @Test(arguments: units.indices)
    func innerProductsAreThoseOfTheDenseGradients(unit: Int) {
        for (first, a) in zip(terms, dense) {
            for (second, b) in zip(terms, dense) {
                let expected = DenseGradient.dot(a[unit], b[unit])
                let scale = DenseGradient.squaredNorm(a[unit] + b[unit])
                let inner = first.inner(second, unit: unit, scratch: Arena())
                #expect(abs(inner.value - expected) <= 1e-6 * scale)
                #expect(abs(inner.value - expected) <= inner.error && inner.error <= 1e-3 * scale)
            }
        }
    }

    @Test func aTiedParametersNormIncludesTheCrossTerm() {
        let parameter = self.parameter(rows: Self.vocabulary, columns: 4)
        let tape = Tape(slotCount: 1)
        tape.begin(units: Self.units, purpose: .normsAndSum, scratch: Arena())
        for term in terms { tape.record(term, of: parameter) }
        for unit in Self.units.indices where !Self.units[unit].isEmpty {
            let sum = zip(dense[0][unit], dense[1][unit]).map { $0 + $1 }
            let expected = DenseGradient.squaredNorm(sum)
            let separate = dense.reduce(0) { $0 + DenseGradient.squaredNorm($1[unit]) }
            #expect(abs(tape.squaredNorms[unit] - expected) <= 1e-5 * expected)
            // The control: without the cross term the tolerance would be missed by far.
            #expect(abs(separate - expected) > 1e-2 * expected)
        }
    }

    @Test func weightedSumsAreThoseOfTheDenseGradients() {
        let factors: [Float] = [0.5, 2, 1, 0.25]
        let tape = Tape(slotCount: 1)
        tape.begin(units: Self.units, purpose: .sumOnly, scratch: Arena())
        for term in terms { tape.record(term, of: parameter(rows: Self.vocabulary, columns: 4)) }
        let weighted = tape.weightedTerms(by: factors[...])[0]
        let sum = Matrix(FloatBuffer(count: 24), rows: Self.vocabulary, columns: 4)
        // In two pieces, as threads do it.
        for rows in [0..<2, 2..<6] {
            for term in weighted { term.addSum(rows: rows, to: sum.rows(rows)) }
        }
        for (place, value) in sum.values.enumerated() {
            let expected = Self.units.indices.reduce(0.0) {
                $0 + Double(factors[$1]) * (dense[0][$1][place] + dense[1][$1][place])
            }
            #expect(abs(Double(value) - expected) < 1e-5)
        }
    }

    @Test func aUnitWithFactorZeroIsErasedEvenIfItIsNotFinite() {
        for row in 1..<5 {
            head.left[row, 0] = .nan
            head.right[row, 1] = .infinity
            embedding.rows[row, 2] = .nan
        }
        let tape = Tape(slotCount: 1)
        tape.begin(units: Self.units, purpose: .normsAndSum, scratch: Arena())
        for term in terms { tape.record(term, of: parameter(rows: Self.vocabulary, columns: 4)) }
        #expect(!tape.squaredNorms[1].isFinite)
        #expect(tape.squaredNorms[0].isFinite && tape.squaredNorms[3].isFinite)
        let sum = Matrix(FloatBuffer(count: 24), rows: Self.vocabulary, columns: 4)
        for term in tape.weightedTerms(by: [1, 0, 1, 1])[0] { term.addSum(rows: 0..<6, to: sum) }
        for (place, value) in sum.values.enumerated() {
            let expected = [0, 3].reduce(0.0) { $0 + dense[0][$1][place] + dense[1][$1][place] }
            #expect(abs(Double(value) - expected) < 1e-5)
        }
    }

    @Test func frozenParametersLeaveNothingOnTheTape() {
        let layout = ParameterLayout([(name: "table", shape: [Self.vocabulary, 4])])
        let frozen = Parameter(layout.entries[0], of: FloatBuffer(count: layout.count), slot: nil)
        let tape = Tape(slotCount: 1)
        tape.begin(units: Self.units, purpose: .normsAndSum, scratch: Arena())
        for term in terms { tape.record(term, of: frozen) }
        #expect(tape.squaredNorms == [0, 0, 0, 0])
        #expect(tape.weightedTerms(by: [1, 1, 1, 1])[0].isEmpty)
    }

    private func parameter(rows: Int, columns: Int) -> Parameter {
        let layout = ParameterLayout([(name: "table", shape: [rows, columns])])
        return Parameter(layout.entries[0], of: FloatBuffer(count: layout.count), slot: 0)
    }
}
