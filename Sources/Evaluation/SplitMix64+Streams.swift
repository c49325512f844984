package import SeededRandomness

extension SplitMix64 {
    /// Starts stream `stream` of a seed: independent uses of one seed have streams of their own.
    package init(seed: UInt64, stream: UInt64) {
        self.init(seed: WordHashes.joined(Self.mixed(seed &+ 1), stream))
    }
}
