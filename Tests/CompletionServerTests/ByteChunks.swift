import FlyingSocks

/// Pieces of bytes as the buffered sequence that the HTTP library sends, one piece a chunk.
struct ByteChunks<Base: AsyncSequence & Sendable>: AsyncBufferedSequence, Sendable
where Base.Element == [UInt8] {
    typealias Element = UInt8

    private let pieces: Base

    init(_ pieces: Base) { self.pieces = pieces }

    func makeAsyncIterator() -> Iterator { Iterator(pieces: pieces.makeAsyncIterator()) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        private var pieces: Base.AsyncIterator
        private var rest: ArraySlice<UInt8> = []

        init(pieces: Base.AsyncIterator) { self.pieces = pieces }

        mutating func next() async throws -> UInt8? {
            try await fill()
            return rest.popFirst()
        }

        mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
            try await fill()
            guard !rest.isEmpty else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        private mutating func fill() async throws {
            if rest.isEmpty { rest = (try await pieces.next() ?? [])[...] }
        }
    }
}
