package import DifferentialPrivacy

/// What the texts of a run guarantee, for whoever receives them: `privacy.json`.
package struct EvolutionManifest: Codable, Equatable, Sendable {
    /// The file's name.
    package static let name = "privacy.json"

    let schema: Int
    let product: String
    let method: String
    let isPrivate: Bool
    /// The guarantee; ε is infinite, written "inf", if nothing is promised.
    package let guarantee: PrivacyGuarantee
    let unit: PrivacyUnit
    let relation: NeighboringRelation
    /// σ and how often: everything that ε follows from.
    let event: PrivacyEvent
    let plan: EvolutionPlan
    let statement: String

    private enum CodingKeys: String, CodingKey {
        case schema, product, method, guarantee, unit, relation, event, plan, statement
        case isPrivate = "private"
    }

    init(plan: EvolutionPlan, header: LedgerHeader, _ guarantee: PrivacyGuarantee) {
        schema = 1
        product = header.product
        method = header.method
        isPrivate = plan.budget != .unlimited && !header.isInsecure
        self.guarantee = guarantee
        unit = plan.unit
        relation = header.relation
        event = header.plannedEvent
        self.plan = plan
        statement =
            isPrivate
            ? "The texts depend on the corpus through the noisy histograms of this event only."
            : "NOT PRIVATE"
    }
}
