package import Kernels

/// The record of one shard's backward pass: gradient terms of its units, and their norms.
///
/// Operations record a term for each use of a trainable parameter. Norms are taken at that moment,
/// while the activations are at hand; the terms stay until their weighted sum has been taken.
package final class Tape {
    /// Whether squared norms are measured; without them only the weighted sum is possible.
    package enum Purpose: Sendable {
        case normsAndSum
        case sumOnly
    }

    /// Holds what must last until the sum: activations, output gradients, per-unit vectors.
    package let kept: Arena
    /// The rows of each unit.
    package private(set) var units: [Range<Int>] = []
    /// What is known of the norms of each unit's gradient, [units]; private.
    package private(set) var norms: [UnitNorm] = []
    /// Σ_t ‖left_t‖·‖right_t‖ of each parameter's terms, [slots, units].
    private var magnitudes: [[Double]]
    private var terms: [[GradientTerm]]
    private var purpose = Purpose.normsAndSum
    /// Memory of the worker that runs the pass; what it holds does not last.
    package private(set) var scratch = Arena()
    /// None, but in tests.
    package var defects = NormDefects()

    /// The square of the norm by which each unit is clipped, [units]: ‖gradient‖² over all trainable
    /// parameters, or what bounds the square of what is added, if that is more.
    ///
    /// Private. Not finite if a gradient is not; zero for every unit when norms are not measured.
    package var squaredNorms: [Double] {
        zip(norms, units).map { norm, rows in
            defects.omitsErrorBounds ? norm.square.value : norm.clippingSquare(rows: rows.count)
        }
    }

    /// Creates an empty tape for gradients of `slotCount` parameters.
    package init(slotCount: Int) {
        kept = Arena()
        terms = Array(repeating: [], count: slotCount)
        magnitudes = terms.map { _ in [] }
    }

    /// Forgets the last shard and starts another.
    ///
    /// `scratch` is memory of the worker that runs the pass.
    package func begin(units: [Range<Int>], purpose: Purpose, scratch: Arena) {
        for slot in terms.indices {
            terms[slot].removeAll(keepingCapacity: true)
            magnitudes[slot].removeAll(keepingCapacity: true)
            magnitudes[slot].append(contentsOf: repeatElement(0, count: units.count))
        }
        self.units = units
        norms = Array(repeating: UnitNorm(), count: units.count)
        self.purpose = purpose
        self.scratch = scratch
        kept.reset()
    }

    /// Records a term of a parameter; of a frozen one nothing is kept.
    ///
    /// A further term of the same parameter adds twice its inner products with the earlier ones:
    /// ‖a + b‖² = ‖a‖² + ‖b‖² + 2⟨a, b⟩.
    package func record(_ term: GradientTerm, of parameter: Parameter) {
        guard let slot = parameter.slot else { return }
        if purpose == .normsAndSum {
            for unit in units.indices {
                let square = term.squaredNorm(unit: unit, scratch: scratch)
                norms[unit].add(square, besides: magnitudes[slot][unit])
                magnitudes[slot][unit] += square.magnitude
                for earlier in terms[slot] where !defects.omitsCrossTerms {
                    norms[unit].add(twice: term.inner(earlier, unit: unit, scratch: scratch))
                }
            }
        }
        terms[slot].append(term)
    }

    /// Records the gradient of a matrix parameter, formed for each unit by `body`.
    ///
    /// `body` gets a unit's rows and writes its whole gradient, in the parameter's shape.
    package func recordPerUnit(
        of parameter: Parameter,
        _ body: (_ rows: Range<Int>, _ gradient: Matrix) -> Void
    ) {
        guard parameter.slot != nil else { return }
        let shape = parameter.value
        let gradients = kept.matrix(rows: units.count, columns: shape.rows * shape.columns)
        for (unit, rows) in units.enumerated() {
            body(rows, gradients.rows(unit..<unit + 1).reshaped(columns: shape.columns))
        }
        record(.vector(VectorTerm(perUnit: gradients)), of: parameter)
    }

    /// Multiplies every term by one factor a unit, and returns the terms of each slot.
    ///
    /// Once after each pass; their memory is the tape's, until it begins another shard.
    package func weightedTerms(by factors: ArraySlice<Float>) -> [[GradientTerm]] {
        precondition(factors.count == units.count, "\(factors.count) factors, \(units.count) units")
        for slot in terms.indices {
            for index in terms[slot].indices { terms[slot][index].weight(by: factors) }
        }
        return terms
    }
}
