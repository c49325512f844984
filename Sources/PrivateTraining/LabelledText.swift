/// Public records in the layout of private ones: labels, two newlines, text, end-of-text.
public struct LabelledText: Sendable {
    /// Files that have the text column and the label columns.
    public var paths: [String]
    /// Columns whose values stand before the text, at least one.
    public var columns: [String]

    /// Names files and columns.
    public init(paths: [String], columns: [String]) {
        self.paths = paths
        self.columns = columns
    }
}
