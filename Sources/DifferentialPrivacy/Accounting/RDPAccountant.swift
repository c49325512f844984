internal import Foundation

/// Adds Rényi divergences over a fixed grid of orders and converts the best one.
public struct RDPAccountant: Sendable {
    /// The orders tried, ascending, each greater than 1.
    public let orders: [Double]

    /// The default grid: 1.01 to 10.9 in tenths, integers to 64, then wider steps to 2048.
    public static let defaultOrders: [Double] = {
        let hundredths = (101...109).map { Double($0) / 100 }
        let tenths = (11...109).map { Double($0) / 10 }
        let integers = (11...64).map { Double($0) }
        return hundredths + tenths + integers + [80, 96, 128, 160, 192, 256, 384, 512, 1024, 2048]
    }()

    /// An accountant over `orders`; throws if one is not greater than 1.
    public init(orders: [Double] = Self.defaultOrders) throws(PrivacyError) {
        for order in orders where !(order > 1) {
            throw .parameter(.order, value: order, allowed: "greater than 1")
        }
        self.orders = orders.sorted()
    }

    private init(sorted orders: [Double]) { self.orders = orders }

    /// The default grid.
    package static let standard = RDPAccountant(sorted: defaultOrders)

    /// The orders around `order`, for searches that move little from call to call.
    package func narrowed(around order: Double, reach: Int) -> RDPAccountant {
        guard let place = orders.firstIndex(where: { $0 >= order }) else { return self }
        let range = max(0, place - reach)...min(orders.count - 1, place + reach)
        return RDPAccountant(sorted: Array(orders[range]))
    }

    /// The smallest epsilon over the orders.
    ///
    /// - `event`: Any composition of Gaussians and Poisson-subsampled Gaussians.
    /// - `delta`: In [0, 1); 0 gives infinity unless nothing is revealed.
    /// - Result: The bound with its order. Orders whose series does not converge are left out,
    ///   which can only raise epsilon; if none is left it is infinite.
    /// - Errors: `PrivacyError.parameter` for parameters that are NaN, negative or out of range.
    public func guarantee(
        of event: PrivacyEvent,
        delta: Double
    ) throws(PrivacyError) -> PrivacyGuarantee {
        let composition = try EventComposition(event)
        return try guarantee(of: composition, delta: delta)
    }

    package func guarantee(
        of composition: EventComposition,
        delta: Double
    ) throws(PrivacyError) -> PrivacyGuarantee {
        if let trivial = try TrivialGuarantee.epsilon(of: composition, delta: delta) {
            return PrivacyGuarantee(epsilon: trivial, delta: delta, accountant: .rdp)
        }
        var best = (epsilon: Double.infinity, order: Double?.none)
        for order in orders {
            let divergence = try divergence(of: composition, order: order)
            let epsilon = RDPConversion.epsilon(
                divergence: divergence,
                order: order,
                delta: delta
            )
            if epsilon < best.epsilon { best = (epsilon, order) }
        }
        return PrivacyGuarantee(
            epsilon: best.epsilon,
            delta: delta,
            accountant: .rdp,
            order: best.order
        )
    }

    /// The divergence of a whole composition, rounded upwards; infinity if a series does not converge.
    package func divergence(
        of composition: EventComposition,
        order: Double
    ) throws(PrivacyError) -> Double {
        var total = 0.0
        for group in composition.groups {
            do throws(PrivacyError) {
                total +=
                    Double(group.count)
                    * (try SubsampledGaussianRDP.divergence(
                        order: order,
                        samplingProbability: group.samplingProbability,
                        noiseMultiplier: group.noiseMultiplier
                    ))
            } catch {
                guard case .didNotConverge = error else { throw error }
                return .infinity
            }
        }
        for choices in composition.choices {
            total +=
                Double(choices.count)
                * BoundedRangeRDP.divergence(order: order, range: choices.range)
        }
        return total * Self.upward
    }

    /// Covers the rounding of every divergence, measured below 1e-11.
    private static let upward = 1 + 1e-11
}

/// From Rényi divergence to epsilon and delta.
///
/// Canonne, Kamath, Steinke 2020, arXiv:2004.00010, Proposition 12.
package enum RDPConversion {
    /// The epsilon that a divergence of the given order guarantees at `delta` in (0, 1).
    ///
    /// ```
    /// ε = R + ln((α − 1)/α) − (ln δ + ln α)/(α − 1), at least 0
    /// ```
    /// It is 0 as well if the total variation distance, at most √(1 − e^(−R)), is below delta.
    package static func epsilon(divergence: Double, order: Double, delta: Double) -> Double {
        guard divergence.isFinite, order > 1 else { return .infinity }
        if delta * delta + expm1(-divergence) > 0 { return 0 }
        let bound =
            divergence + log1p(-1 / order) - (log(delta) + log(order)) / (order - 1)
        return bound.isNaN ? .infinity : max(0, bound)
    }
}
