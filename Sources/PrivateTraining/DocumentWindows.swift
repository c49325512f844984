/// Public documents cut into training windows, for pre-training only.
///
/// A document's tokens are cut into pieces of `windowLength + 1` that overlap by one, so that every
/// token but the first is predicted once an epoch. No window crosses from one document into another.
struct DocumentWindows: Sendable {
    /// Every document's tokens, one after another.
    private let tokens: [Int32]
    /// Where each window starts and how many tokens it holds, at least 2.
    private let windows: [(start: Int, count: Int)]
    /// Tokens predicted in one epoch.
    let predictedTokens: Int

    /// Cuts documents whose end-of-text tokens are in place.
    init(documents: [[Int32]], windowLength: Int) {
        var tokens: [Int32] = []
        var windows: [(start: Int, count: Int)] = []
        for document in documents {
            var start = tokens.count
            tokens.append(contentsOf: document)
            while start < tokens.count - 1 {
                let count = min(windowLength + 1, tokens.count - start)
                windows.append((start, count))
                start += count - 1
            }
        }
        self.init(tokens: tokens, windows: windows)
    }

    private init(tokens: [Int32], windows: [(start: Int, count: Int)]) {
        self.tokens = tokens
        self.windows = windows
        predictedTokens = windows.reduce(0) { $0 + $1.count - 1 }
    }

    /// Only the windows of these indices.
    func keeping(_ indices: [Int]) -> DocumentWindows {
        DocumentWindows(tokens: tokens, windows: indices.map { windows[$0] })
    }

    /// Tokens that window `index` predicts.
    func predictedCount(_ index: Int) -> Int { windows[index].count - 1 }

    /// How many windows an epoch has.
    var count: Int { windows.count }

    /// The tokens of window `index`.
    subscript(index: Int) -> ArraySlice<Int32> {
        let window = windows[index]
        return tokens[window.start..<window.start + window.count]
    }
}
