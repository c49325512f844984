import CVectorMath
import TestData
import Testing

@testable import Kernels

/// Every element of a product, on every instruction set that this processor has, against the chain
/// of its own row and column.
@Suite struct PanelProductTests {
    /// Rows, inner, columns: several parts, blocks, lines and groups, each with tails.
    private static let shapes = [
        (31, 257, 70), (65, 768, 64), (8, 193, 97), (530, 20, 40), (1_030, 400, 9), (17, 601, 8),
        (40, 385, 15), (3, 1_000, 1),
    ]

    #if arch(x86_64)
    /// Rows 1 to 40 by columns 1 to 70, and with them every inner dimension up to 70.
    @Test(arguments: InstructionSet.available, 0..<4)
    func tailsOfEverySizeHaveTheBitsOfEachElementAlone(set: InstructionSet, offset: Int) {
        var wrong: [String] = []
        for rows in stride(from: 1 + offset, through: 40, by: 4) {
            for columns in 1...70 {
                let inner = (rows * 7 + columns * 3) % 71
                let problem = PanelProblem(
                    PanelProblem.Form(rows * 5 + columns),
                    rows,
                    inner,
                    columns
                )
                guard inner > 0 else { continue }
                if !problem.isRight(on: set, multiply: problem.multiply) {
                    wrong.append("\(rows)×\(inner)×\(columns)")
                }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test(arguments: InstructionSet.available, shapes)
    func largeProductsHaveTheBitsOfEachElementAlone(
        set: InstructionSet,
        shape: (rows: Int, inner: Int, columns: Int)
    ) {
        for number in 0..<2 {
            let form = PanelProblem.Form(shape.rows + 7 * number)
            let problem = PanelProblem(form, shape.rows, shape.inner, shape.columns)
            #expect(problem.isRight(on: set, multiply: problem.multiply))
        }
    }

    /// The test's own test: a product that takes the last rows of an odd number another way.
    @Test(arguments: InstructionSet.available)
    func aProductWhoseOrderDependsOnTheRowsIsFound(set: InstructionSet) {
        let problem = PanelProblem(PanelProblem.Form(0), 33, 40, 20)
        let isRight = problem.isRight(on: set) { set in
            problem.multiply(on: set)
            let (a, b) = (problem.a, problem.b)
            let last = problem.product.rows(32..<33)
            PanelProduct.multiply(
                .init(rows: a.rows(32..<33).columns(0..<20)),
                .init(columns: b.rows(0..<20)),
                inner: 20,
                into: last,
                on: set
            )
            PanelProduct.multiply(
                .init(rows: a.rows(32..<33).columns(20..<40)),
                .init(columns: b.rows(20..<40)),
                inner: 20,
                into: last,
                adding: true,
                on: set
            )
        }
        #expect(!isRight)
    }
    #endif

    /// Rows and inner dimension.
    ///
    /// A factor multiplied with itself is one like any other.
    @Test(
        arguments: InstructionSet.available,
        [(1, 1), (15, 40), (63, 200), (130, 17), (1_030, 9)]
    )
    func reachesEqualTheWholeProduct(set: InstructionSet, shape: (Int, Int)) {
        var generator = SeededGenerator(seed: 2)
        let (rows, inner) = shape
        let a = generator.matrix(rows: rows, columns: inner, gap: 5)
        let twin = generator.matrix(rows: rows, columns: inner)
        twin.copy(from: a)
        let (whole, part) = (
            generator.matrix(rows: rows, columns: rows), generator.matrix(rows: rows, columns: rows)
        )
        let (left, right) = (MatrixMultiply.Factor(rows: a), MatrixMultiply.Factor(rows: twin))
        PanelProduct.multiply(left, right, inner: inner, into: whole, on: set)
        for (factor, reach) in [(left, 0), (right, 0), (right, 7), (right, rows)] {
            part.fill(with: .nan)
            PanelProduct.multiply(left, factor, inner: inner, into: part, reach: reach, on: set)
            let isEqual = (0..<rows).allSatisfy { row in
                let wanted = 0..<min(row + reach + 1, rows)
                return part.rows(row..<row + 1).columns(wanted).values
                    == whole.rows(row..<row + 1).columns(wanted).values
            }
            #expect(isEqual)
        }
    }

    @Test(arguments: InstructionSet.available, shapes)
    func whatLiesAroundAProductStays(
        set: InstructionSet,
        shape: (rows: Int, inner: Int, columns: Int)
    ) {
        var generator = SeededGenerator(seed: 4)
        let (rows, inner, columns) = shape
        let a = generator.matrix(rows: rows, columns: inner)
        let b = generator.matrix(rows: columns, columns: inner)
        let wide = generator.matrix(rows: rows + 9, columns: columns + 40)
        let before = wide.columns(columns..<columns + 40).values
        let below = wide.rows(rows..<rows + 9).values
        let product = wide.rows(0..<rows).columns(0..<columns)
        PanelProduct.multiply(.init(rows: a), .init(rows: b), inner: inner, into: product, on: set)
        #expect(wide.columns(columns..<columns + 40).values == before)
        #expect(wide.rows(rows..<rows + 9).values == below)
    }

    /// Rows, inner, columns: full blocks and parts, and the largest Gram matrix.
    @Test(
        arguments: InstructionSet.available,
        [(512, 384, 50), (1_536, 768, 17), (1_024, 192, 0), (40, 9_000, 3)]
    )
    func packingStaysInItsMemory(
        set: InstructionSet,
        shape: (rows: Int, inner: Int, columns: Int)
    ) {
        var generator = SeededGenerator(seed: 6)
        let (rows, inner, columns) = shape
        let count = vector_math_panel_product_scratch(set.level)
        let scratch = FloatBuffer(count: count + 4_096)
        scratch.fill(0..<scratch.count, with: 3)
        let a = generator.matrix(rows: rows, columns: inner)
        let b = columns == 0 ? a : generator.matrix(rows: columns, columns: inner)
        let product = generator.matrix(rows: rows, columns: b.rows)
        var description = unsafe vector_math_panel_product(
            a: vector_math_factor(elements: a.base, stride: inner, inner_major: 0),
            b: vector_math_factor(elements: b.base, stride: inner, inner_major: 0),
            product: product.base,
            product_stride: b.rows,
            rows: rows,
            columns: b.rows,
            inner: inner,
            reach: columns,
            scale: 1,
            adds: 0,
            bias: nil
        )
        unsafe vector_math_panel_product(&description, set.level, scratch.base)
        #expect(scratch.values(count..<count + 4_096).allSatisfy { $0 == 3 })
        let last = (0..<inner).reduce(0) {
            $0 + Double(a[rows - 1, $1]) * Double(b[b.rows - 1, $1])
        }
        #expect(abs(Double(product[rows - 1, b.rows - 1]) - last) <= Double(inner) * 0x1p-23)
    }

    /// A broken row or column reaches its own elements, all of them and no other: neither a neighbour
    /// nor what a product left in the memory for packing gets through.
    @Test(arguments: InstructionSet.available, [Float.nan, .infinity, -.infinity])
    func nonFiniteElementsStayInTheirRowsAndColumns(set: InstructionSet, broken: Float) {
        for (rows, columns) in [(17, 17), (5, 3), (40, 70)] {
            let clean = PanelProblem(PanelProblem.Form(0), rows, 33, columns)
            clean.multiply(on: set)
            let expected = clean.product.values
            for k in [0, 15, 32] {
                let problem = PanelProblem(PanelProblem.Form(0), rows, 33, columns)
                problem.a[rows - 2, k] = broken
                problem.b[k, columns - 1] = broken
                problem.multiply(on: set)
                let found = problem.product.values
                let isRight = found.indices.allSatisfy { place in
                    let isHit = place / columns == rows - 2 || place % columns == columns - 1
                    return isHit ? !found[place].isFinite : found[place] == expected[place]
                }
                #expect(isRight)
            }
            clean.multiply(on: set)
            #expect(clean.product.values == expected)
        }
    }

    @Test func aLesserInstructionSetIsAvailableWhereAGreaterOneIs() {
        #expect(InstructionSet.available.first == .baseline)
        #expect(InstructionSet.available.contains(.ofProducts))
        #expect(InstructionSet.allCases == InstructionSet.allCases.sorted())
        #expect(InstructionSet.name.hasPrefix(InstructionSet.processor.rawValue))
    }
}
