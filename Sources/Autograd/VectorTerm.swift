package import Kernels

/// A gradient already summed over the rows of each unit: [units, elements of the parameter].
package struct VectorTerm: Sendable {
    let perUnit: Matrix

    /// Describes the gradients of all units, one row each, a matrix row by row.
    package init(perUnit: Matrix) {
        self.perUnit = perUnit
    }
}
