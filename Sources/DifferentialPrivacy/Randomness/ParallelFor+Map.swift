import Kernels
import Synchronization

extension ParallelFor {
    /// The results of `body(item)` for every item in `0..<count`, in the order of the items.
    func map<Result: Sendable>(
        _ count: Int,
        _ body: @Sendable (_ item: Int) -> Result
    ) -> [Result] {
        let results = Mutex([Result?](repeating: nil, count: count))
        self(count) { item, _ in
            let result = body(item)
            results.withLock { $0[item] = result }
        }
        return results.withLock { $0.compactMap(\.self) }
    }
}
