import Autograd
import Kernels
import TestData
import Testing

/// The norm that a unit is clipped by, against its dense gradient in Double and against what single
/// precision makes of its sum.
@Suite struct UnitNormTests {
    private static let rows = 12
    private static let vocabulary = 6
    private static let width = 4

    /// The tied table's two terms, of one unit whose rows are `size` times as large as what is left of
    /// them when they are added.
    private struct Case {
        let head: ProductTerm
        let embedding: LookupTerm

        init(size: Float, using generator: inout SeededGenerator) {
            let unit = [0..<rows]
            let left = generator.matrix(rows: rows, columns: vocabulary)
            let right = generator.matrix(rows: rows, columns: width)
            let found = generator.matrix(rows: rows, columns: width)
            if size > 1 {
                for row in stride(from: 1, to: rows, by: 2) {
                    for column in 0..<vocabulary { left[row, column] = -left[row - 1, column] }
                    for column in 0..<width {
                        right[row, column] += size
                        right[row - 1, column] += size
                        found[row, column] += size
                        found[row - 1, column] -= size
                    }
                }
            }
            head = ProductTerm(left: left, right: right, units: unit)
            // Neighbours have the same index, so that they cancel.
            let indices = (0..<rows / 2).flatMap { _ in
                let index = Int32.random(in: 0..<Int32(vocabulary), using: &generator)
                return [index, index]
            }
            embedding = LookupTerm(indices: indices, rows: found, units: unit)
        }

        var dense: [Double] {
            let head = DenseGradient.product(head.left, head.right, rows: 0..<rows)
            let table = DenseGradient.lookup(
                embedding.indices,
                embedding.rows,
                unit: 0..<rows,
                count: vocabulary
            )
            return zip(head, table).map { $0 + $1 }
        }

        func tape() -> Tape {
            let layout = ParameterLayout([(name: "table", shape: [vocabulary, width])])
            let values = FloatBuffer(count: layout.count)
            let parameter = Parameter(layout.entries[0], of: values, slot: 0)
            let tape = Tape(slotCount: 1)
            tape.begin(units: [0..<rows], purpose: .normsAndSum, scratch: Arena())
            tape.record(.product(head), of: parameter)
            tape.record(.lookup(embedding), of: parameter)
            return tape
        }
    }

    /// The length of factor · gradient as the clipped sum takes it up.
    private func added(_ tape: Tape, factor: Float) -> Double {
        let count = Self.vocabulary * Self.width
        let sum = Matrix(FloatBuffer(count: count), rows: Self.vocabulary, columns: Self.width)
        for term in tape.weightedTerms(by: [factor])[0] {
            term.addSum(rows: 0..<Self.vocabulary, to: sum)
        }
        return sum.squaredNorm.squareRoot()
    }

    @Test func itIsTheNormWhereNothingCancels() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            let sample = Case(size: 1, using: &generator)
            let norm = DenseGradient.squaredNorm(sample.dense).squareRoot()
            let clipping = sample.tape().squaredNorms[0].squareRoot()
            #expect(abs(clipping - norm) <= 1e-5 * norm)
        }
    }

    @Test func itBoundsTheNormAndWhatIsAddedHoweverMuchCancels() {
        var generator = SeededGenerator(seed: 4)
        var (missed, exceeded) = (0, 0)
        for index in 0..<400 {
            let size = Float(1 << (index % 24))
            let sample = Case(size: size, using: &generator)
            let norm = DenseGradient.squaredNorm(sample.dense).squareRoot()
            let tape = sample.tape()
            let square = tape.norms[0].square
            let own = 1e-15 * tape.norms[0].magnitudeSquare
            #expect(abs(square.value - norm * norm) <= square.error + own)
            let clipping = tape.squaredNorms[0].squareRoot()
            #expect(clipping * (1 + UnitNorm.toleratedError) >= norm)
            let bare = max(square.value, 0).squareRoot()
            #expect(clipping >= bare)
            let sum = added(tape, factor: 1)
            #expect(sum <= clipping * (1 + UnitNorm.toleratedError), "size \(size)")
            missed += sum > bare * (1 + 0x1p-10) ? 1 : 0
            exceeded += clipping > bare * (1 + 1e-5) ? 1 : 0
        }
        // The control: what is added often exceeds the exact norm by more than the margin.
        #expect(missed >= 40 && exceeded >= 100, "\(missed), \(exceeded)")
    }

    @Test func rowsThatCouldVanishHaveNoNorm() {
        var norm = UnitNorm()
        let value = BoundedValue(value: 1, error: 0)
        norm.add(.init(norm: value, magnitude: 1, longestRow: 0x1p80), besides: 0)
        #expect(norm.clippingSquare(rows: 1) >= 1)
        norm.add(.init(norm: value, magnitude: 1, longestRow: 0x1p81), besides: 0)
        #expect(norm.clippingSquare(rows: 1).isNaN)
    }

    @Test func nothingHasNormZero() { #expect(UnitNorm().clippingSquare(rows: 0) == 0) }
}
