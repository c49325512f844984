import SeededRandomness

extension SplitMix64 {
    /// Starts the draws of one generation task; another attempt at the same task is another stream.
    init(task seed: UInt64, attempt: Int) {
        self.init(seed: seed &+ UInt64(attempt) &* 0xA076_1D64_78BD_642F)
    }
}
