extension Comparison {
    /// How a method's guarantee differs from the others', and what is not stated.
    ///
    /// - Returns: Flags for what makes rows unequal, notes for what does not.
    func fairness(
        of source: RowSource,
        among sources: [RowSource]
    ) -> (flags: [String], notes: [String]) {
        guard source.reference == nil else { return ([], []) }
        let notes = subsampling(of: source)
        guard let claim = source.claim else { return (["no privacy guarantee is stated"], notes) }
        var flags: [String] = []
        if claim.source == .claimed {
            flags.append("the guarantee is the user's claim; no manifest confirms it")
        }
        if !claim.epsilon.isFinite { flags.append("NOT PRIVATE: ε is infinite") }
        let peers = peers(of: source, claim, among: sources)
        let differences = peers.flatMap { claim.differences(from: $0.claim, named: $0.name) }
        let accountants = peers.compactMap { claim.otherAccountant(than: $0.claim, named: $0.name) }
        return (
            flags + rivalsMissing(for: source, claim, among: sources)
                + Self.unique(differences.map { "not at the same guarantee: \($0)" }),
            notes + Self.unique(accountants)
        )
    }

    /// How many of a row's texts are measured: equally many in every row, so nothing is unequal.
    private func subsampling(of source: RowSource) -> [String] {
        let (count, measured) = (source.features.texts.count, source.measured.count)
        guard count > measured else { return [] }
        return [
            "\(ReportNumber.count(count)) texts, of which \(ReportNumber.count(measured)) are drawn "
                + "for each seed, as many as the smallest set has"
        ]
    }

    /// What the other rows at the same budget claim, under the name a sentence gives them: another
    /// series stands for all its runs.
    private func peers(
        of source: RowSource,
        _ claim: PrivacyClaim,
        among sources: [RowSource]
    ) -> [(name: String, claim: PrivacyClaim)] {
        others(than: source, at: claim, among: sources).compactMap { other in
            other.claim.map { (other.series == source.series ? other.name : other.series, $0) }
        }
    }

    /// Says so when no other method spends as much: further runs of the same one do not count.
    private func rivalsMissing(
        for source: RowSource,
        _ claim: PrivacyClaim,
        among sources: [RowSource]
    ) -> [String] {
        let isAlone = sources.count { $0.reference == nil } == 1
        let rivals = others(than: source, at: claim, among: sources)
        guard !isAlone, rivals.allSatisfy({ $0.series == source.series }) else { return [] }
        return [
            "no other method is given at ε = \(ReportNumber.epsilon(claim.epsilon)): nothing here "
                + "is at the same guarantee"
        ]
    }

    private func others(
        than source: RowSource,
        at claim: PrivacyClaim,
        among sources: [RowSource]
    ) -> [RowSource] {
        let methods = sources.filter { $0.reference == nil }
        let budgets = PrivacyBudgets(methods.compactMap(\.claim))
        return methods.filter { other in
            other.name != source.name
                && other.claim.map { budgets.level(of: $0) == budgets.level(of: claim) } ?? false
        }
    }

    private static func unique(_ sentences: [String]) -> [String] {
        var seen: Set<String> = []
        return sentences.filter { seen.insert($0).inserted }
    }
}

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
