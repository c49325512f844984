/// The part of a header that states what is promised.
public struct LedgerPromise: Equatable, Sendable {
    /// What is protected.
    public let unit: PrivacyUnit
    /// Which corpora are neighbours.
    public let relation: NeighboringRelation
    /// The target.
    public let budget: PrivacyBudget
    /// All that the run intends to release.
    public let planned: [PlannedSpending]

    /// The promise of a run that is not training, such as Private Evolution.
    public init(
        unit: PrivacyUnit,
        relation: NeighboringRelation,
        budget: PrivacyBudget,
        planned: [PlannedSpending]
    ) {
        self.unit = unit
        self.relation = relation
        self.budget = budget
        self.planned = planned
    }

    /// The promise that a ledger was begun with.
    package init(_ header: LedgerHeader) {
        self.init(
            unit: header.unit,
            relation: header.relation,
            budget: header.budget,
            planned: header.planned
        )
    }

    /// The promise of a training run: its steps, its other releases, and the steps of its probe.
    public init(_ plan: PrivacyPlan) {
        let steps = PlannedSpending(event: plan.stepEvent, count: plan.schedule.steps)
        let others = plan.releases.map { PlannedSpending(event: $0.event, count: 1) }
        let probe = plan.labelProbe.map {
            [PlannedSpending(event: $0.stepEvent, count: $0.steps)]
        }
        self.init(
            unit: plan.unit,
            relation: plan.relation,
            budget: plan.budget,
            planned: [steps] + others + (probe ?? [])
        )
    }
}
