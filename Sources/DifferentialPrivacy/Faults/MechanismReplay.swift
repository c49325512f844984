#if DEBUG
import Synchronization

/// What enters and leaves the mechanism in one run, and the same outputs forced on another run.
///
/// Two runs on neighbouring corpora see the same outputs then, so that whatever else differs
/// between them is a leak beside the mechanism, and the difference of their inputs is how far one
/// unit moves the sum (the record-and-replay tests of Annamalai and others 2026, arXiv:2602.17454).
/// While it is current, keys depend on a release's label alone: the same coins, the same noise.
///
/// It exists in debug builds alone, and serves one run after the other.
package final class MechanismReplay: Sendable {
    /// The replay that the present task takes part in.
    @TaskLocal package static var current: MechanismReplay?

    /// One use of a mechanism.
    package struct Call: Sendable {
        /// The sum that was noised; private in a real run.
        package let input: [Double]
        /// What was released.
        package let output: [Double]
        /// How far the mechanism assumes that one unit can move the sum.
        package let sensitivity: Double

        /// What the sensitivity bounds.
        package let measure: ReplayMeasure

        /// How far the input moved in another run, in units of the sensitivity; infinite where the
        /// sums are not finite, have other lengths, or stand for other outcomes.
        package func distance(to other: Call) -> Double {
            guard input.count == other.input.count, measure == other.measure else {
                return .infinity
            }
            let moves = zip(input, other.input).map { $0 - $1 }
            let distance =
                switch measure {
                case .length: moves.reduce(0) { $0 + $1 * $1 }.squareRoot()
                case .spread: (moves.max() ?? 0) - (moves.min() ?? 0)
                }
            return distance.isNaN ? .infinity : distance / sensitivity
        }
    }

    private let given: [Call]
    private let made = Mutex<[Call]>([])

    /// Records a run, or forces the outputs of a recorded one on the next.
    package init(forcing calls: [Call] = []) { given = calls }

    /// The uses so far.
    package var calls: [Call] { made.withLock { $0 } }

    /// Takes note of a use and returns what to release instead: the recorded output, if there is
    /// one of that length.
    func exchange(
        input: [Double],
        output: [Double],
        sensitivity: Double,
        as measure: ReplayMeasure
    ) -> [Double] {
        made.withLock { made in
            let recorded = made.count < given.count ? given[made.count].output : output
            let released = recorded.count == output.count ? recorded : output
            let call = Call(
                input: input,
                output: released,
                sensitivity: sensitivity,
                measure: measure
            )
            made.append(call)
            return released
        }
    }

    /// The inputs of every key that is derived during a replay.
    static func inputs(label: String) -> StepInputs {
        StepInputs(runIdentifier: "replay", label: label)
    }
}
#endif
