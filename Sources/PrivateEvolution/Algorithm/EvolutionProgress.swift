/// How far an evolution has come.
///
/// Public quantities only.
package enum EvolutionProgress: Equatable, Sendable {
    /// The private records are being embedded; the share that is done, in [0, 1].
    case reading(share: Double)
    /// Candidates, or their look-ahead variations, are being made.
    case generating(iteration: Int, done: Int, of: Int)
    /// The candidates are complete; the corpus votes.
    case voting(iteration: Int)
    /// An endpoint did not answer with a text; it is asked again after so many seconds.
    case waiting(reason: String, seconds: Double)
    /// An endpoint refuses a prompt with this status; another one takes its place.
    case promptRefused(status: Int)
    /// An endpoint answers with more than it was asked for, which is cut.
    case answerCut(bytes: Int)
}
