/// A text that is being generated.
struct ActiveText<Generator: RandomNumberGenerator & Sendable>: Sendable {
    private(set) var request: GenerationRequest<Generator>
    /// The tokens drawn so far, without end-of-text.
    private(set) var tokens: [Int32] = []
    /// Why the text has ended, if it has.
    private(set) var ending: GeneratedTokens.Ending?
    /// How many tokens the model has seen.
    private(set) var fedCount = 0
    /// Positions that the cache must have for this text.
    let neededPositions: Int
    private var pending: ArraySlice<Int32>
    private let options: SamplingOptions
    private let contextLength: Int

    init(
        _ request: GenerationRequest<Generator>,
        _ options: SamplingOptions,
        _ configuration: DecoderConfiguration
    ) {
        self.request = request
        self.options = options
        contextLength = configuration.contextLength
        pending = request.prompt.suffix(contextLength)
        // The last token drawn is never fed.
        neededPositions = min(contextLength, pending.count + options.maximumNewTokens - 1)
    }

    /// The tokens to feed next, and whether a prediction follows them.
    mutating func takePending(atMost limit: Int) -> (tokens: [Int32], isComplete: Bool) {
        let taken = Array(pending.prefix(limit))
        pending = pending.dropFirst(limit)
        fedCount += taken.count
        return (taken, pending.isEmpty)
    }

    /// A uniform number in [0, 1) with 53 bits.
    mutating func nextUniform() -> Double {
        Double(request.generator.next() >> 11) * 0x1p-53
    }

    /// Takes a drawn token, which may end the text.
    ///
    /// - Returns: Whether the token belongs to the text.
    mutating func append(_ token: Int32) -> Bool {
        if token == options.endOfText || options.otherEndings.contains(token) {
            ending = .endOfText
            return false
        }
        tokens.append(token)
        pending = [token]
        if tokens.count == options.maximumNewTokens {
            ending = .maximumNewTokens
        } else if fedCount == contextLength {
            ending = .context
        }
        return true
    }

    /// Ends the text where it is.
    mutating func stop() { ending = .stopped }
}
