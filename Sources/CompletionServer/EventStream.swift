import FlyingSocks

/// Events as the buffered byte sequence that the HTTP library sends, one event a chunk.
struct EventStream: AsyncBufferedSequence, Sendable {
    typealias Element = UInt8

    private let events: AsyncThrowingStream<[UInt8], any Error>

    init(_ events: AsyncThrowingStream<[UInt8], any Error>) { self.events = events }

    func makeAsyncIterator() -> Iterator { Iterator(base: events.makeAsyncIterator()) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        var base: AsyncThrowingStream<[UInt8], any Error>.Iterator
        private var rest: ArraySlice<UInt8> = []

        init(base: AsyncThrowingStream<[UInt8], any Error>.Iterator) { self.base = base }

        mutating func next() async throws -> UInt8? {
            if rest.isEmpty { rest = (try await base.next() ?? [])[...] }
            return rest.popFirst()
        }

        mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
            if rest.isEmpty { rest = (try await base.next() ?? [])[...] }
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
    }
}
