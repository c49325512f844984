/// The privacy losses of one kind of step in both directions, and how often it happens.
struct StepLosses {
    /// Loss when the unit is in the corpus and its absence is the alternative.
    let remove: DiscretizedLoss
    /// Loss when the unit is absent and its presence is the alternative.
    let add: DiscretizedLoss
    /// How many such steps are composed.
    let count: Int
}
