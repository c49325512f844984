extension LabelSet {
    /// More values than this, and a column looks like names or text rather than labels.
    private static let usualCount = 100

    /// What a user must know where these values were read off a corpus.
    ///
    /// - Parameter unitCount: N as it is published.
    /// - Returns: That they are treated as public, and which columns hardly hold labels; no value.
    package func warningsWhereFound(among unitCount: Int) -> [String] {
        guard !columns.isEmpty else { return [] }
        let general =
            "The label values found in the data are treated as public."
            + " Pass --label-values to state them yourself."
        return [general]
            + zip(columns, values).compactMap { column, values in
                guard Self.isSuspicious(values.count, among: unitCount) else { return nil }
                return
                    "WARNING: the label column \"\(column)\" has \(values.count) values, and all of"
                    + " them become public. A value that few records have gives those records away: pass"
                    + " --label-values with values that are public anyway, or leave the column out."
            }
    }

    private static func isSuspicious(_ count: Int, among unitCount: Int) -> Bool {
        count > usualCount || (count > 20 && count * 10 > unitCount)
    }
}
