extension DecoderConfiguration {
    /// The named model shapes of `--config`.
    public enum Preset: String, CaseIterable, Sendable {
        /// 4 layers, 4 heads, width 128, 2,048 tokens, context 128.
        case tiny
        /// 6 layers, 6 heads, width 384, 8,192 tokens, context 256.
        case mini
        /// 8 layers, 8 heads, width 512, 8,192 tokens, context 512.
        case small
        /// GPT-2's smallest model: 12 layers, 12 heads, width 768, 50,257 tokens, context 1,024.
        case gpt2
    }

    /// The shape of that name.
    public init(_ preset: Preset) {
        switch preset {
        case .tiny:
            self.init(
                vocabularySize: 2_048,
                contextLength: 128,
                width: 128,
                layerCount: 4,
                headCount: 4
            )
        case .mini:
            self.init(
                vocabularySize: 8_192,
                contextLength: 256,
                width: 384,
                layerCount: 6,
                headCount: 6
            )
        case .small:
            self.init(
                vocabularySize: 8_192,
                contextLength: 512,
                width: 512,
                layerCount: 8,
                headCount: 8
            )
        case .gpt2:
            self.init(
                vocabularySize: 50_257,
                contextLength: 1_024,
                width: 768,
                layerCount: 12,
                headCount: 12
            )
        }
    }
}
