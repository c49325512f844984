import Kernels
import Synchronization

extension ParallelFor {
    /// The results of `body(0)` to `body(count - 1)` in order, computed on all workers.
    ///
    /// For items of milliseconds and more; the first error by index is thrown once all are done.
    func map<Result: Sendable>(
        _ count: Int,
        _ body: @Sendable (_ item: Int) throws -> Result
    ) throws -> [Result] {
        let slots = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: count))
        self(count) { item, _ in
            let result = Swift.Result { try body(item) }
            slots.withLock { $0[item] = result }
        }
        return try slots.withLock { try $0.compactMap { try $0?.get() } }
    }
}
