/// Minimises a smooth, strictly convex function (Nocedal and Wright 2006, Algorithm 7.5).
///
/// Backtracking to the Armijo condition; the curvature condition holds by convexity. Deterministic.
struct LimitedMemoryBFGS {
    /// Stop when no component of the gradient is larger than this.
    var gradientTolerance: Double
    /// Give up after this many steps.
    var maximumIterations: Int
    /// How many past steps approximate the curvature.
    var memory = 10

    /// Where the search ended.
    struct Outcome {
        var point: [Double]
        var value: Double
        var iterations: Int
        /// Whether the gradient met the tolerance.
        var converged: Bool
    }

    /// Searches from `start` for the minimum of `function`.
    ///
    /// `function` returns its value and writes its gradient. `diagonal` roughly is the diagonal of
    /// the second derivative, all > 0; it changes the speed only.
    func minimize(
        from start: [Double],
        diagonal: [Double],
        _ function: ([Double], inout [Double]) -> Double
    ) -> Outcome {
        var point = start
        var gradient = [Double](repeating: 0, count: start.count)
        var value = function(point, &gradient)
        var history = CurvatureHistory(
            capacity: memory,
            inverseDiagonal: diagonal.map { Float(1 / $0) }
        )
        var candidate = point
        var nextGradient = gradient
        for iteration in 0..<maximumIterations {
            if Self.largest(gradient) <= gradientTolerance {
                return Outcome(point: point, value: value, iterations: iteration, converged: true)
            }
            let direction = history.direction(against: gradient)
            let slope = Self.dot(direction, gradient)
            var step = 1.0
            var nextValue = value
            var accepted = false
            for _ in 0..<30 where !accepted {
                for index in 0..<point.count {
                    candidate[index] = point[index] + step * direction[index]
                }
                nextValue = function(candidate, &nextGradient)
                accepted = nextValue <= value + 1e-4 * step * slope
                if !accepted { step /= 2 }
            }
            guard accepted else {
                return Outcome(point: point, value: value, iterations: iteration, converged: false)
            }
            history.append(from: point, to: candidate, gradients: (gradient, nextGradient))
            swap(&point, &candidate)
            swap(&gradient, &nextGradient)
            value = nextValue
        }
        return Outcome(
            point: point,
            value: value,
            iterations: maximumIterations,
            converged: Self.largest(gradient) <= gradientTolerance
        )
    }

    static func dot(_ left: [Double], _ right: [Double]) -> Double {
        var sum = 0.0
        for index in 0..<left.count { sum += left[index] * right[index] }
        return sum
    }

    private static func largest(_ values: [Double]) -> Double {
        values.reduce(0) { max($0, abs($1)) }
    }
}
