/// A computed number and how far from the true one it is at most.
package struct BoundedValue: Sendable, Equatable {
    /// What was computed; not finite if something that went into it is not.
    package var value: Double
    /// |value − truth| is at most this.
    package var error: Double

    /// Joins a value and its bound.
    package init(value: Double, error: Double) {
        (self.value, self.error) = (value, error)
    }

    /// The relative error of a sum of products with `roundings` in single precision on the way of
    /// each: n·u/(1 − n·u) with u = 2⁻²⁴, in whatever order (Higham 2002, Lemma 3.1).
    package static func floatBound(_ roundings: Int) -> Double {
        let error = Double(roundings) * 0x1p-24
        return error < 0.5 ? error / (1 - error) : .infinity
    }

    /// The same in double precision.
    package static func doubleBound(_ roundings: Int) -> Double {
        let error = Double(roundings) * 0x1p-53
        return error / (1 - error)
    }
}
