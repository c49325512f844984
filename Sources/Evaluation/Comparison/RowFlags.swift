/// Checks of one set of texts that a reader of its row should know about.
enum RowFlags {
    /// What is wrong with the labels of a column, in words, quoting none.
    ///
    /// `arePublic`: the known values were stated, not found in the real test texts.
    static func labels(
        _ classes: [Int?]?,
        column: String,
        classCount: Int,
        arePublic: Bool
    ) -> [String] {
        guard let classes else {
            return ["has no label column \"\(column)\": no classifier can be trained on it"]
        }
        var found: [String] = []
        let known = classes.compactMap { $0 }
        if known.count < classes.count {
            let values = arePublic ? "public values" : "values that the real test texts have"
            found.append(
                "\(classes.count - known.count) of \(classes.count) texts carry a label outside the "
                    + "\(values) of \"\(column)\"; the classifier leaves them out"
            )
        }
        let missing = classCount - Set(known).count
        if missing > 0 {
            found.append(
                "\(missing) of \(classCount) classes of \"\(column)\" have no text; the classifier "
                    + "never predicts them"
            )
        }
        return found
    }

    /// Says that a row's labels are mixed otherwise than the real test texts'.
    static func mix(_ column: String, distance: Double) -> String {
        "the labels of \"\(column)\" are mixed otherwise than in the real test texts: "
            + "\(Int((100 * distance).rounded())) % of the texts would need another one; see “Labels” for "
            + "what the row reaches at the test texts' mix"
    }

    /// Says so when much of the text is in a script that words cannot be split in by spaces, or not
    /// in Latin letters.
    ///
    /// - Parameters:
    ///   - texts: The texts, of which the first 2,000 are looked at.
    ///   - set: What the sentence calls them, if they are not the row's own.
    /// - Returns: A sentence, or nothing.
    static func script(_ texts: [String], of set: String? = nil) -> [String] {
        var letters = 0
        var foreign = 0
        var unspaced = 0
        for text in texts.prefix(2000) {
            for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
                letters += 1
                if scalar.value >= 0x250 { foreign += 1 }
                if ScalarKind.isUnspacedScript(scalar) { unspaced += 1 }
            }
        }
        guard letters > 0, foreign * 10 > letters * 3 else { return [] }
        let share = Int((100 * Double(foreign) / Double(letters)).rounded())
        let counting =
            unspaced * 10 > letters
            ? "; scripts without spaces are counted by character" : ""
        return [
            "\(share) % of the letters \(set.map { "of \($0) " } ?? "")are not Latin: embeddings of a model of English mean little"
                + counting
        ]
    }
}
