/// The discrete Gaussian: integers x with probability proportional to exp(−x² / 2S²).
///
/// Sampled exactly by rejection from a discrete Laplace distribution (Canonne, Kamath, Steinke
/// 2020, arXiv:2004.00010, Algorithms 2 and 3). Its divergences are at most the Gaussian's of the
/// same S for integer shifts (ibid., Theorem 4). How long a draw takes depends on the draw.
struct DiscreteGaussian {
    /// S, the standard deviation (to within e^−S²); up to 2²⁸, so that all products fit 128 bits.
    let scale: UInt64

    init(scale: UInt64) {
        precondition(scale >= 1 && scale <= 1 << 28, "scale is \(scale); it must be in 1...2^28")
        self.scale = scale
    }

    /// One draw.
    func sample(_ coin: inout ExactCoin) -> Int64 {
        let square = UInt128(scale) * UInt128(scale)
        let laplaceScale = scale + 1
        let denominator = 2 * square * UInt128(laplaceScale) * UInt128(laplaceScale)
        while true {
            let magnitude = laplaceMagnitude(laplaceScale, &coin)
            let isNegative = coin.isHeads()
            if isNegative && magnitude == 0 { continue }
            let product = UInt128(magnitude) * UInt128(laplaceScale)
            let distance = product > square ? product - square : square - product
            // |Y| so large that the product would overflow is accepted with probability below e^-900.
            guard distance < 1 << 63 else { continue }
            if coin.survives(distance * distance, of: denominator) {
                return isNegative ? -Int64(magnitude) : Int64(magnitude)
            }
        }
    }

    /// |Y| of a discrete Laplace variable: P(Y = y) ∝ e^(−|y|/t).
    private func laplaceMagnitude(_ scale: UInt64, _ coin: inout ExactCoin) -> UInt64 {
        while true {
            let remainder = coin.integer(below: scale)
            guard coin.survivesFraction(UInt128(remainder), of: UInt128(scale)) else { continue }
            var turns: UInt64 = 0
            while coin.survivesFraction(1, of: 1) { turns += 1 }
            return remainder + scale * turns
        }
    }
}
