import Kernels

/// The keys and values of every sequence in a generation batch, so that a new token costs one row.
///
/// A slot holds one sequence. Keys lie in blocks of 16 positions, [width of keys][16], which lets one
/// vector instruction serve 16 scores; values lie position by position. Heads that share a key share
/// its place.
struct KeyValueCache: Sendable {
    /// Positions per slot, a multiple of 16.
    let capacity: Int
    private let layerCount: Int
    private let slotCount: Int
    private let width: Int
    private let keys: FloatBuffer
    private let values: FloatBuffer

    /// Makes room for `slotCount` sequences of up to `positions` tokens.
    init(_ configuration: DecoderConfiguration, slotCount: Int, positions: Int) {
        let block = CachedAttention.positionsPerBlock
        capacity = (positions + block - 1) / block * block
        layerCount = configuration.layerCount
        width = configuration.keyWidth
        self.slotCount = slotCount
        keys = FloatBuffer(count: layerCount * slotCount * capacity * width)
        values = FloatBuffer(count: keys.count)
    }

    /// A slot's keys in one layer, [capacity / 16, width · 16].
    func keys(layer: Int, slot: Int) -> Matrix {
        let block = CachedAttention.positionsPerBlock
        return Matrix(
            keys,
            offset: offset(layer, slot),
            rows: capacity / block,
            columns: width * block
        )
    }

    /// A slot's values in one layer, [capacity, width of values].
    func values(layer: Int, slot: Int) -> Matrix {
        Matrix(values, offset: offset(layer, slot), rows: capacity, columns: width)
    }

    /// A copy with more room; what the slots hold is kept.
    func grown(to positions: Int, _ configuration: DecoderConfiguration) -> KeyValueCache {
        let larger = KeyValueCache(configuration, slotCount: slotCount, positions: positions)
        for layer in 0..<layerCount {
            for slot in 0..<slotCount {
                let oldKeys = keys(layer: layer, slot: slot)
                let oldValues = values(layer: layer, slot: slot)
                larger.keys(layer: layer, slot: slot).rows(0..<oldKeys.rows).copy(from: oldKeys)
                larger.values(layer: layer, slot: slot).rows(0..<capacity).copy(from: oldValues)
            }
        }
        return larger
    }

    private func offset(_ layer: Int, _ slot: Int) -> Int {
        (layer * slotCount + slot) * capacity * width
    }
}
