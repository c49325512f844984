import Dispatch
import Synchronization

/// The one concurrency primitive: independent work items over a fixed number of threads.
///
/// Items are handed out in order, one at a time, to whichever worker is free, so a slow core does
/// not hold up the others. Results must not depend on who ran which item.
public struct ParallelFor: Sendable {
    /// How many workers run at once, at least 1.
    public let threadCount: Int

    /// Creates a scheduler with `threadCount` workers.
    public init(threadCount: Int) {
        precondition(threadCount >= 1, "threadCount is \(threadCount); it must be at least 1")
        self.threadCount = threadCount
    }

    /// Runs `body(item, worker)` for every item in `0..<count`; returns when all are done.
    ///
    /// `worker` is in `0..<threadCount` and names a scratch area that no other running item uses.
    public func callAsFunction(_ count: Int, _ body: @Sendable (_ item: Int, _ worker: Int) -> Void)
    {
        let workers = min(threadCount, count)
        guard workers > 1 else {
            for item in 0..<max(count, 0) { body(item, 0) }
            return
        }
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            while true {
                let item = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard item < count else { return }
                body(item, worker)
            }
        }
    }

    /// Runs `body` for ranges that make up `0..<count`.
    ///
    /// Two for each worker: a core that is held up does not hold up the others for long.
    package func inPieces(of count: Int, _ body: @Sendable (Range<Int>) -> Void) {
        let pieces = min(threadCount == 1 ? 1 : 2 * threadCount, count)
        self(pieces) { piece, _ in
            body(count * piece / pieces..<count * (piece + 1) / pieces)
        }
    }

    /// The results of `body(element, item, worker)` for every element, in the order of elements.
    ///
    /// The elements must be distinct objects that share nothing: each is used by one worker alone,
    /// and by the caller again when all are done.
    package func map<Element, Result: Sendable>(
        over elements: [Element],
        _ body: @Sendable (_ element: Element, _ item: Int, _ worker: Int) -> Result
    ) -> [Result] {
        nonisolated(unsafe) let shared = elements
        return map(elements.count) { item, worker in unsafe body(shared[item], item, worker) }
    }

    /// The results of `body(item, worker)` for every item in `0..<count`, in the order of items.
    ///
    /// For items of a millisecond and more: results are collected under a lock.
    ///
    /// - Throws: The first error in the order of items, once all are done.
    public func map<Value: Sendable, Failure: Error>(
        _ count: Int,
        _ body: @Sendable (_ item: Int, _ worker: Int) throws(Failure) -> Value
    ) throws(Failure) -> [Value] {
        let results = Mutex([Result<Value, Failure>?](repeating: nil, count: max(count, 0)))
        self(count) { item, worker in
            let result = Result { () throws(Failure) in try body(item, worker) }
            results.withLock { $0[item] = result }
        }
        var values: [Value] = []
        for result in results.withLock({ $0 }) {
            if let result { values.append(try result.get()) }
        }
        return values
    }
}
