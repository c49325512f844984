extension ToolError {
    /// Checks a number of an option.
    ///
    /// - Throws: `badConfiguration` with the option, the number and its range.
    static func require(_ option: String, _ value: Int, in range: ClosedRange<Int>) throws {
        guard range.contains(value) else {
            throw badConfiguration(
                "\(option) is \(value); it must be in \(range.lowerBound)...\(range.upperBound)"
            )
        }
    }
}
