import Kernels
import Synchronization

extension ParallelFor {
    /// The results of `body` for items `0..<count`, in order.
    ///
    /// For items of a millisecond and more: results are collected under a lock.
    func collect<Result: Sendable>(
        _ count: Int,
        _ body: @Sendable (_ item: Int, _ worker: Int) -> Result
    ) -> [Result] {
        let slots = Mutex([Result?](repeating: nil, count: count))
        self(count) { item, worker in
            let result = body(item, worker)
            slots.withLock { $0[item] = result }
        }
        return slots.withLock { $0.compactMap(\.self) }
    }
}
