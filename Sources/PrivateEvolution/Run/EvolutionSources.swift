package import DifferentialPrivacy
package import LanguageModel

/// What proposes the texts of a run and what embeds them.
///
/// A run that goes on must have the same: its candidates would be of two kinds, and its records
/// would vote by two measures.
package struct EvolutionSources: Codable, Equatable, Sendable {
    /// H(model or endpoint, prompts, the longest text).
    package let generator: ContentDigest
    /// H(what embeds).
    package let embedder: ContentDigest
}

extension EvolutionSources {
    /// Names a generator and an embedder.
    package init(generator: some CandidateGenerator<String>, embedder: any TextEmbedder) {
        self.generator = ContentDigest(
            domain: "evolution-generator",
            fields: [("fingerprint", generator.fingerprint)]
        )
        self.embedder = ContentDigest(
            domain: "evolution-embedder",
            fields: [("fingerprint", embedder.fingerprint)]
        )
    }
}
