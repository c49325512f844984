internal import Foundation

/// Four-point Gauss-Legendre nodes over one bin of the loss, with the factors that depend on the node only.
struct BinQuadrature {
    /// One node at height t above the bin's lower end.
    struct Node {
        let weight: Double
        /// The exponential of t.
        let growth: Double
        /// The share of the mixture's mass that goes to the upper end.
        let toUpper: Double
        /// The share of the null's mass that goes to the lower end, which is the upper one of "add".
        let toLower: Double
    }

    let nodes: [Node]

    init(interval h: Double) {
        let places = [
            (0.339_981_043_584_856_26, 0.652_145_154_862_546_1),
            (0.861_136_311_594_052_6, 0.347_854_845_137_453_8),
        ]
        let range = -expm1(-h)
        nodes = places.flatMap { place, weight in
            [-place, place].map { x in
                let t = 0.5 * h * (1 + x)
                return Node(
                    weight: 0.5 * h * weight,
                    growth: exp(t),
                    toUpper: -expm1(-t) / range,
                    toLower: -expm1(t - h) / range
                )
            }
        }
    }
}
