package import Kernels

/// A gradient of a vector parameter, summed over the rows of each unit: [units, width].
package struct VectorTerm {
    let perUnit: Matrix

    /// Describes the gradients of all units, one row each.
    package init(perUnit: Matrix) {
        self.perUnit = perUnit
    }
}
