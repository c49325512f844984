public import Autograd
public import Kernels

/// Losses, per-unit gradient norms and the weighted sum of per-unit gradients of GPT-2.
///
/// A step calls `measure` on a micro-batch, computes one factor a unit from the norms, and calls
/// `addWeightedSum`. Results do not depend on the number of threads: shards are independent, and
/// sums run over them in their order. One caller at a time.
public final class DecoderGradientPass {
    /// What one micro-batch's backward pass measured; private data.
    public struct Measurement: Sendable {
        /// The loss of each unit in nats, units in the order of the shards.
        public let losses: [Double]
        /// ‖gradient‖² of each unit over all trainable parameters, same order, or what bounds the square of
        /// what is added of it, if that is more: see `UnitNorm`.
        ///
        /// Not finite if the gradient is not; zeros if norms were not asked for.
        public let squaredNorms: [Double]
    }

    /// Whether per-unit norms are wanted; without them the pass is a plain one.
    public enum Norms: Sendable {
        case measured
        case skipped
    }

    /// Rows of one parameter whose sum one thread computes at a time.
    private struct Tile: Sendable {
        let slot: Int
        let rows: Range<Int>
    }

    /// Elements of a tile: about what stays in a cache while shard after shard is added.
    private static let tileElements = 1 << 18
    /// With fewer rows, packing the other factor takes a good part of a product's time: a tile of
    /// 85 rows and 3,072 columns runs at 139 GFLOP/s, one of 384 rows at 191 (Zen 5).
    private static let minimumTileRows = 384

    /// Where each trained parameter lies in a gradient.
    public let layout: ParameterLayout
    let network: DecoderNetwork
    let parallel: ParallelFor
    private let tiles: [Tile]
    private var tapes: [Tape] = []
    private var used: [Tape] = []
    let workers: [Arena]
    /// None, but in tests.
    package var defects = NormDefects()

    /// Prepares passes over `parameters`, whose values may change between calls.
    ///
    /// With `adapters` the parameters are frozen: gradients are the adapters', in their layout,
    /// and `trainable` selects among them. Forward passes then read parameters and adapters.
    public init(
        parameters: DecoderParameters,
        adapters: DecoderAdapters? = nil,
        trainable: TrainableSelection = .all,
        parallel: ParallelFor
    ) {
        self.parallel = parallel
        layout = adapters?.layout ?? parameters.layout
        network = DecoderNetwork(parameters, adapters: adapters, trainable: trainable)
        workers = (0..<parallel.threadCount).map { _ in Arena() }
        tiles = Self.tiles(of: layout, trainable)
    }

    /// Runs forward and backward over the shards of one micro-batch, one shard a thread at a time.
    ///
    /// The gradients stay in memory until the next call; there are about 16 · width · layers +
    /// vocabulary floats of them a row.
    public func measure(_ shards: [TokenBatch], norms: Norms = .measured) -> Measurement {
        let slotCount = layout.entries.count
        while tapes.count < shards.count { tapes.append(Tape(slotCount: slotCount)) }
        used = Array(tapes.prefix(shards.count))
        for tape in used { tape.defects = defects }
        let losses = parallel.map(over: used) { [network, workers] tape, shard, worker in
            DecoderShardPass(network, shards[shard], tape: tape, scratch: workers[worker])
                .run(purpose: norms == .measured ? .normsAndSum : .sumOnly)
        }
        return Measurement(
            losses: losses.flatMap { $0 },
            squaredNorms: used.flatMap(\.squaredNorms)
        )
    }

    /// sum += Σ_units factors[unit] · gradient of the unit, for the units last measured.
    ///
    /// `sum` has the pass's layout; frozen parameters stay untouched. A unit whose
    /// factor is 0 (or below the normal range) contributes exact zeros even if its gradient is not
    /// finite. Uses the measured gradients up: once per measurement.
    public func addWeightedSum(factors: [Float], into sum: FloatBuffer) {
        precondition(sum.count == layout.count, "the sum has \(sum.count) elements")
        let unitCount = used.reduce(0) { $0 + $1.units.count }
        precondition(factors.count == unitCount, "\(factors.count) factors, \(unitCount) units")
        // A subnormal factor would lose the precision that the bound on the clipped norm rests on.
        let safe = factors.map { abs($0) < Float.leastNormalMagnitude ? 0 : $0 }
        let starts = used.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.units.count) }
        let terms = parallel.map(over: used) { tape, shard, _ in
            tape.weightedTerms(by: safe[starts[shard]..<starts[shard + 1]])
        }
        let entries = layout.entries
        parallel(tiles.count) { [tiles] index, _ in
            let tile = tiles[index]
            let target = entries[tile.slot].matrix(in: sum).rows(tile.rows)
            for term in terms.lazy.flatMap({ $0[tile.slot] }) {
                term.addSum(rows: tile.rows, to: target)
            }
        }
        used = []
    }

    /// Cuts every trainable parameter into pieces of work of a fixed size.
    private static func tiles(
        of layout: ParameterLayout,
        _ trainable: TrainableSelection
    ) -> [Tile] {
        layout.entries.enumerated().flatMap { slot, entry -> [Tile] in
            guard trainable.contains(entry.name) else { return [] }
            let rows = entry.shape.count > 1 ? entry.shape[0] : 1
            let step = max(minimumTileRows, tileElements / (entry.count / rows))
            return stride(from: 0, to: rows, by: step).map {
                Tile(slot: slot, rows: $0..<min($0 + step, rows))
            }
        }
    }
}
