internal import Foundation

/// Where, and under which exponential tilt, the sum of many losses is evaluated.
///
/// Instead of the losses' own distribution P, whose tail of mass δ would drown in the rounding of a
/// Fourier transform, the tilted one is composed: P_λ(s) = P(s)·exp(λs − ΣK(λ)), K the log moment
/// of a step. With λ at the saddle point its bulk lies where ε will be found, so rounding is
/// relative to δ. Outside the window the tilted mass is below `outside` by Chernoff's bound.
struct TiltedWindow {
    /// λ, at least 0.
    let tilt: Double
    /// ΣK(λ) over all steps.
    let logMoment: Double
    /// The lowest grid index of the window, and how many grid points it needs at least.
    let firstIndex: Int
    let pointCount: Int

    /// Bound on the tilted probability at either side of the window.
    static let outside = 1e-12

    /// - `losses`: One direction's losses, with how often each is composed.
    init(_ losses: [(loss: DiscretizedLoss, count: Int)], delta: Double) throws(PrivacyError) {
        func logMoment(_ tilt: Double) -> Double {
            losses.reduce(0) { $0 + Double($1.count) * $1.loss.logMoment(tilt: tilt) }
        }
        // Epsilon by the moment bound (Canonne et al. 2020); a tilt that changes weights by more
        // than e from one grid point to the next would only amplify rounding.
        func bound(_ tilt: Double) -> Double {
            (logMoment(tilt) - log(delta) - log1p(tilt)) / tilt - log1p(1 / tilt)
        }
        let interval = losses.first?.loss.interval ?? 1
        let tilt = Self.minimizer(of: bound, from: 1e-2, to: 1 / interval)
        let centre = logMoment(tilt)
        let limit = -log(Self.outside)
        func above(_ shift: Double) -> Double {
            (logMoment(tilt + shift) - centre + limit) / shift
        }
        func below(_ shift: Double) -> Double {
            (logMoment(tilt - shift) - centre + limit) / shift
        }
        // The bulk's width is about the range of shifts that matter.
        let high = above(Self.minimizer(of: above, from: 1e-2, to: 1e6))
        let low = -below(Self.minimizer(of: below, from: 1e-2, to: 1e6))
        guard high.isFinite, low.isFinite, centre.isFinite, high > low else {
            throw .didNotConverge(what: "the range of privacy losses", detail: "\(low) to \(high)")
        }
        self.tilt = tilt
        self.logMoment = centre
        firstIndex = Int((low / interval).rounded(.down)) - 1
        pointCount = Int((high / interval).rounded(.up)) + 2 - firstIndex
    }

    /// A minimiser of a unimodal function over a logarithmic range, to 2 %; any value in it is valid.
    private static func minimizer(
        of unguarded: (Double) -> Double,
        from low: Double,
        to high: Double
    ) -> Double {
        // Overflow at extreme tilts is no minimum.
        func function(_ shift: Double) -> Double {
            let value = unguarded(shift)
            return value.isFinite ? value : .infinity
        }
        let golden = 0.618_033_988_749_894_9
        var a = log(low)
        var b = log(high)
        var x = b - golden * (b - a)
        var y = a + golden * (b - a)
        var valueX = function(exp(x))
        var valueY = function(exp(y))
        while b - a > 0.02 {
            if valueX <= valueY || !valueY.isFinite {
                b = y
                (y, valueY) = (x, valueX)
                x = b - golden * (b - a)
                valueX = function(exp(x))
            } else {
                a = x
                (x, valueX) = (y, valueY)
                y = a + golden * (b - a)
                valueY = function(exp(y))
            }
        }
        return exp(valueX <= valueY ? x : y)
    }
}
