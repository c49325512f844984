import Synchronization

/// A word cache that the copies of one tokenizer share.
final class SharedWordCache: Sendable {
    private let cache = Mutex(WordCache())

    /// Runs the body with the cache; while another thread has it, with a fresh one.
    func withCache(_ body: (inout WordCache) -> Void) {
        let done: Void? = cache.withLockIfAvailable { body(&$0) }
        guard done == nil else { return }
        var own = WordCache()
        body(&own)
    }
}
