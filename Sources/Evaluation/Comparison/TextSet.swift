/// Texts with the values of their label columns.
public struct TextSet: Sendable {
    /// One text a record.
    public var texts: [String]
    /// Label column name → one value per text, in the same order.
    public var labels: [String: [String]]

    /// Groups texts with their labels.
    public init(texts: [String], labels: [String: [String]] = [:]) {
        self.texts = texts
        self.labels = labels
    }

    /// Splits off records without any character but white space; says how many there were.
    func droppingBlanks() -> (set: TextSet, dropped: Int) {
        let kept = texts.indices.filter { index in
            texts[index].unicodeScalars.contains { !$0.properties.isWhitespace }
        }
        guard kept.count < texts.count else { return (self, 0) }
        let values = labels.mapValues { column in kept.map { column[$0] } }
        return (TextSet(texts: kept.map { texts[$0] }, labels: values), texts.count - kept.count)
    }
}
