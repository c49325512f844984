/// Where each named parameter lies in one flat buffer of floats.
///
/// Parameters, gradient sums, noise and optimizer moments share the same layout, so that every
/// step from clipping to AdamW is one pass over flat memory.
public struct ParameterLayout: Sendable, Equatable {
    /// One named parameter.
    public struct Entry: Sendable, Equatable {
        /// GPT-2's name, such as `h.0.attn.c_attn.weight`.
        public let name: String
        /// Outermost first; a Conv1D weight is [in, out].
        public let shape: [Int]
        /// Index of the first element in the flat buffer.
        public let offset: Int
        /// Number of elements.
        public var count: Int { shape.reduce(1, *) }
        /// The elements' places in the flat buffer.
        public var range: Range<Int> { offset..<offset + count }

        /// The same in order, cut into pieces of `length` elements and a rest.
        package func pieces(of length: Int) -> [Range<Int>] {
            stride(from: offset, to: range.upperBound, by: length).map {
                $0..<min($0 + length, range.upperBound)
            }
        }
    }

    /// The parameters in the order of their offsets.
    public let entries: [Entry]
    /// The length of the flat buffer, in elements; entries start at multiples of 16.
    public let count: Int

    /// Lays out the given parameters one after another.
    public init(_ parameters: [(name: String, shape: [Int])]) {
        var entries: [Entry] = []
        var offset = 0
        for (name, shape) in parameters {
            let entry = Entry(name: name, shape: shape, offset: offset)
            entries.append(entry)
            offset += (entry.count + 15) / 16 * 16
        }
        self.entries = entries
        count = offset
    }

    /// The entry of that name, if there is one.
    public subscript(name: String) -> Entry? { entries.first { $0.name == name } }

    /// How many parameters there are, padding excluded.
    public var parameterCount: Int { entries.reduce(0) { $0 + $1.count } }
}
