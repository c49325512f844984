/// The text of one completion while its tokens are drawn.
struct CompletionText: Sendable {
    private var scalars = ScalarAssembly()
    private var stops: StopSearch
    /// What is certain and was not taken yet.
    private var certain: [UInt8] = []

    /// Begins a text that ends before the first of the stop texts.
    init(stops: StopSearch) { self.stops = stops }

    /// Whether a stop text has ended it.
    var isStopped: Bool { stops.isFound }

    /// Takes the bytes of the next token.
    mutating func append(_ bytes: [UInt8]) { certain += stops.append(scalars.append(bytes)) }

    /// Takes note that no token follows: what was held back belongs to the text.
    mutating func end() { certain += stops.append(scalars.end()) + stops.end() }

    /// What has become certain since it was last asked, in whole Unicode scalars.
    mutating func take() -> String {
        defer { certain = [] }
        return String(decoding: certain, as: UTF8.self)
    }
}
