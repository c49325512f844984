import CVectorMath
import Glibc

/// The instruction sets that the kernels in C are compiled for, ascending.
package enum InstructionSet: String, CaseIterable, Comparable, Sendable {
    /// What every processor has: SSE2 on x86.
    case baseline
    /// AVX2 with FMA.
    case avx2 = "x86-64-v3"
    /// AVX-512.
    case avx512 = "x86-64-v4"

    /// Names the set of matrix products, where it is not to be the processor's.
    package static let variable = "DPSCRIBE_INSTRUCTION_SET"

    /// The best set that this processor has; elementwise loops run with it.
    package static let processor: InstructionSet = {
        guard let name = unsafe vector_math_instruction_set() else { return .baseline }
        return unsafe InstructionSet(rawValue: String(cString: name)) ?? .baseline
    }()

    /// The set that matrix products run with.
    ///
    /// It is the processor's, or a lesser one that the environment names. A name that is none is taken
    /// for none; the command line refuses it.
    package static let ofProducts: InstructionSet = {
        guard let name = unsafe getenv(variable) else { return processor }
        return min(unsafe InstructionSet(rawValue: String(cString: name)) ?? processor, processor)
    }()

    /// The sets that this processor has.
    package static var available: [InstructionSet] { allCases.filter { $0 <= processor } }

    /// What kernels run with: "x86-64-v4", or "x86-64-v4, products x86-64-v3".
    package static var name: String {
        let products = ofProducts == processor ? "" : ", products \(ofProducts.rawValue)"
        return processor.rawValue + products
    }

    package static func < (first: InstructionSet, second: InstructionSet) -> Bool {
        first.level.rawValue < second.level.rawValue
    }

    /// The set's name in C.
    var level: vector_math_level {
        switch self {
        case .baseline: vector_math_baseline
        case .avx2: vector_math_v3
        case .avx512: vector_math_v4
        }
    }
}
