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
