/// A candidate among those that compete, and its class.
package struct Individual<Candidate: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
    /// The class, an index into the public list of classes.
    package let classIndex: Int
    /// What evolves.
    package let candidate: Candidate

    private enum CodingKeys: String, CodingKey {
        case classIndex = "class"
        case candidate
    }
}
