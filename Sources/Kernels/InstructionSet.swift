import CVectorMath

/// The instruction set that the kernels in C run with.
package enum InstructionSet {
    /// "x86-64-v4", "x86-64-v3" or "baseline".
    package static var name: String {
        guard let text = unsafe vector_math_instruction_set() else { return "unknown" }
        return unsafe String(cString: text)
    }
}
