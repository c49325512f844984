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

/// The last steps of a quasi-Newton search and the gradient changes along them.
///
/// Kept in Float: they only shape the search direction, never the value or the gradient, and are
/// most of the search's memory.
struct CurvatureHistory {
    private struct Pair {
        var step: [Float]
        var change: [Float]
        /// 1 / ⟨step, change⟩.
        var inverseCurvature: Double
        /// ⟨step, change⟩ / ⟨change, D⁻¹ change⟩.
        var scale: Double
    }

    private let capacity: Int
    /// D⁻¹, the inverse of a rough diagonal of the second derivative.
    ///
    /// Every search direction starts from it. Rare and frequent n-grams differ in curvature a thousandfold.
    private let inverseDiagonal: [Float]
    private var pairs: [Pair] = []

    init(capacity: Int, inverseDiagonal: [Float]) {
        self.capacity = capacity
        self.inverseDiagonal = inverseDiagonal
    }

    /// Remembers one step; a step without positive curvature is left out.
    mutating func append(
        from old: [Double],
        to new: [Double],
        gradients: (old: [Double], new: [Double])
    ) {
        var pair =
            pairs.count == capacity
            ? pairs.removeFirst()
            : Pair(
                step: [Float](repeating: 0, count: old.count),
                change: [Float](repeating: 0, count: old.count),
                inverseCurvature: 0,
                scale: 0
            )
        var curvature = 0.0
        var squares = 0.0
        for index in 0..<old.count {
            let step = Float(new[index] - old[index])
            let change = Float(gradients.new[index] - gradients.old[index])
            pair.step[index] = step
            pair.change[index] = change
            curvature += Double(step) * Double(change)
            squares += Double(change * inverseDiagonal[index]) * Double(change)
        }
        guard curvature > 0, squares > 0 else { return }
        pair.inverseCurvature = 1 / curvature
        pair.scale = curvature / squares
        pairs.append(pair)
    }

    /// −H·gradient by the two-loop recursion (Nocedal and Wright 2006, Algorithm 7.4).
    func direction(against gradient: [Double]) -> [Double] {
        var direction = gradient
        var coefficients = [Double](repeating: 0, count: pairs.count)
        for index in pairs.indices.reversed() {
            coefficients[index] =
                pairs[index].inverseCurvature * Self.dot(pairs[index].step, direction)
            Self.add(-coefficients[index], pairs[index].change, to: &direction)
        }
        let scale = -(pairs.last?.scale ?? 1)
        for index in 0..<direction.count {
            direction[index] *= scale * Double(inverseDiagonal[index])
        }
        for index in pairs.indices {
            let coefficient =
                -pairs[index].inverseCurvature * Self.dot(pairs[index].change, direction)
            Self.add(coefficient - coefficients[index], pairs[index].step, to: &direction)
        }
        return direction
    }

    private static func dot(_ left: [Float], _ right: [Double]) -> Double {
        var sum = 0.0
        for index in 0..<left.count { sum += Double(left[index]) * right[index] }
        return sum
    }

    private static func add(_ factor: Double, _ values: [Float], to target: inout [Double]) {
        for index in 0..<values.count { target[index] += factor * Double(values[index]) }
    }
}
