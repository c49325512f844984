package import LanguageModel

/// Counts the floating-point operations of a plain forward and backward pass.
///
/// A multiply-add is two. Counted are matrix products, causal attention and the head; not counted
/// are norms, recomputation, elementwise work, and the weight gradients of frozen matrices.
package struct ModelOperations: Sendable {
    private let configuration: GPT2Configuration
    private let adapterRank: Int?

    /// Counts for a model, or for its adapters.
    package init(_ configuration: GPT2Configuration, adapterRank: Int? = nil) {
        self.configuration = configuration
        self.adapterRank = adapterRank
    }

    /// The operations of a record of `rows` rows, all of which predict with loss.
    package func forwardAndBackward(rows: Int) -> Double {
        let (width, layers) = (Double(configuration.width), Double(configuration.layerCount))
        let count = Double(rows)
        // Multiply-adds of one pass through the weights: 12 · width² a block, and the head.
        let weights =
            count * (12 * width * width * layers + width * Double(configuration.vocabularySize))
        // Row i attends to i + 1 rows, once with keys and once with values.
        let attention = layers * width * count * (count + 1)
        // Back through a product are two products; through a frozen one, only the input's.
        let passes: Double = adapterRank == nil ? 3 : 2
        // A and B of the four layers have rank · 16 · width elements a block.
        let adapters = 3 * count * 16 * width * layers * Double(adapterRank ?? 0)
        return 2 * (passes * weights + 3 * attention + adapters)
    }
}
