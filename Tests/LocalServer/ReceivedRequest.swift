/// A request for a completion, as it came.
package struct ReceivedRequest: Sendable {
    package struct Body: Decodable {
        package let prompt: String?
        package let max_tokens: Int
        package let top_k: Int?
        package let temperature: Double?
        package let seed: Int
    }

    /// From 0, in the order of arrival.
    package let number: Int
    package let authorization: String?
    package let body: Body?
}
