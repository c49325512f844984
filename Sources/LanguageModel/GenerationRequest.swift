/// One text to generate.
package struct GenerationRequest<Generator: RandomNumberGenerator & Sendable>: Sendable {
    /// Names the request in the result.
    package let id: Int
    /// The tokens to continue, at least one.
    package let prompt: [Int32]
    /// The request's own stream of randomness; one draw a token.
    package var generator: Generator

    /// Creates a request.
    package init(id: Int, prompt: [Int32], generator: Generator) {
        precondition(!prompt.isEmpty, "a prompt needs at least one token")
        self.id = id
        self.prompt = prompt
        self.generator = generator
    }
}
