import Kernels

/// Where tests of a debug build come between private data and what is released: by a planted defect
/// (`PlantedFault`) or by recording and replaying the mechanism (`MechanismReplay`).
///
/// In a release build this value is empty, every function returns what it was given, or nothing, and neither
/// of the two types exists. The files that the guarantee rests on call it and have no code of debug builds
/// themselves.
struct TestSeam: Sendable, Equatable {
    #if DEBUG
    private let fault: PlantedFault?

    /// Nothing is planted here, whatever the present task has.
    static let none = TestSeam(fault: nil)

    /// What is planted in the present task.
    static var current: TestSeam { TestSeam(fault: .current) }
    #else
    static let none = TestSeam()
    static let current = TestSeam()
    #endif

    /// The wrong factor for a unit; nil where the right one is used.
    func factor(_ squaredNorm: Double, _ maxGradNorm: Double?) -> Float? {
        #if DEBUG
        return fault?.factor(squaredNorm, maxGradNorm)
        #else
        return nil
        #endif
    }

    /// Takes note of a micro-batch of the present sum.
    func countAccumulation() {
        #if DEBUG
        fault?.countAccumulation()
        #endif
    }

    /// The mechanism that is used for the present sum.
    func mechanism(_ right: GaussianMechanism) -> GaussianMechanism {
        #if DEBUG
        return fault?.changing(right) ?? right
        #else
        return right
        #endif
    }

    /// What the key of a release depends on.
    static func inputs(_ right: StepInputs, label: String) -> StepInputs {
        #if DEBUG
        // Asked in either case: the fault counts keys.
        let planted = PlantedFault.current?.changing(right) ?? right
        return MechanismReplay.current == nil ? planted : MechanismReplay.inputs(label: label)
        #else
        return right
        #endif
    }

    /// The batches of a dealing in which `unit` is in batch `slot`.
    static func deal(_ unit: Int, to slot: Int, of members: inout [[Int]]) {
        members[slot].append(unit)
        #if DEBUG
        if PlantedFault.current?.kind == .batchSharedByTexts {
            members[(slot + 1) % members.count].append(unit)
        }
        #endif
    }
}

/// How the distance of two inputs of a mechanism is measured, and which outcomes their coordinates stand for.
package enum ReplayMeasure: Equatable, Sendable {
    /// In L2 norm.
    case length(over: [Int] = [])
    /// The largest move up minus the largest move down.
    case spread(over: [Int])
}

extension TestSeam {
    /// What a mechanism is to release instead of `output`; nil unless it is being replayed.
    static func exchange(
        input: @autoclosure () -> [Double],
        output: @autoclosure () -> [Double],
        sensitivity: Double,
        as measure: ReplayMeasure = .length()
    ) -> [Double]? {
        #if DEBUG
        return MechanismReplay.current?.exchange(
            input: input(),
            output: output(),
            sensitivity: sensitivity,
            as: measure
        )
        #else
        return nil
        #endif
    }

    /// Releases a sum by a mechanism, or what a replay has in its place.
    static func release(
        _ sum: consuming ClippedGradientSum,
        sensitivity: Double,
        by mechanism: (consuming ClippedGradientSum) -> PrivatizedGradient
    ) -> PrivatizedGradient {
        #if DEBUG
        guard let replay = MechanismReplay.current else { return mechanism(sum) }
        let input = sum.buffer.values(0..<sum.count).map(Double.init)
        let released = mechanism(sum)
        let output = released.values.values(0..<released.count).map(Double.init)
        let forced = replay.exchange(
            input: input,
            output: output,
            sensitivity: sensitivity,
            as: .length()
        )
        released.values.store(forced.map(Float.init), at: 0)
        return released
        #else
        return mechanism(sum)
        #endif
    }
}
