public import Messages

/// What a user must know about a run, said on the console and in its manifest.
public struct RunNotes {
    /// One sentence or two each, NOT PRIVATE first.
    public let lines: [Message]

    /// - Parameters:
    ///   - isPrivate: Whether anything is promised.
    ///   - unit: What is protected.
    ///   - unitCount: N.
    ///   - isCounted: Whether N was read off the corpus, and is thereby public.
    ///   - labels: What must be said of label values that were read off the corpus.
    public init(
        isPrivate: Bool,
        unit: PrivacyUnit,
        unitCount: Int,
        isCounted: Bool,
        labels: [Message]
    ) {
        var lines: [Message] = []
        if !isPrivate { lines.append("NOT PRIVATE: this run gives no guarantee.") }
        if isCounted {
            lines.append(
                "The number of \(unit.name)s, \(unitCount), is treated as public."
                    + " Pass \(.datasetSize) to use another public number."
            )
        }
        self.lines = lines + labels
    }
}
