/// How far an evolution has come.
///
/// Public quantities only.
package enum EvolutionProgress: Equatable, Sendable {
    /// Candidates, or their look-ahead variations, are being made.
    case generating(iteration: Int, done: Int, of: Int)
    /// The candidates are complete; the corpus votes.
    case voting(iteration: Int)
}
