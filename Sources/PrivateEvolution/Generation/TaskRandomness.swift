/// The draws of one generation task: public, reproducible (SplitMix64, Steele, Lea and Flood 2014).
///
/// Nothing that privacy rests on may use it.
struct TaskRandomness: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Starts the stream of a seed; another attempt at the same task is another stream.
    init(seed: UInt64, attempt: Int = 0) {
        state = seed &+ UInt64(attempt) &* 0xA076_1D64_78BD_642F
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
