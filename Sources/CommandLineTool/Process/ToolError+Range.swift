extension ToolError {
    /// Checks a number of an option; one that was not given passes.
    ///
    /// - Throws: `badConfiguration` with the option, the number and its range.
    static func require(_ option: String, _ value: Int?, in range: ClosedRange<Int>) throws {
        guard let value, !range.contains(value) else { return }
        throw badConfiguration(
            "\(option) is \(value); it must be in \(range.lowerBound)...\(range.upperBound)"
        )
    }
}
