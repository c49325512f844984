import SeededRandomness

/// Texts cut into folds of equal size: for cross-validation, or into halves of which one judges the other.
///
/// Neither the order of the file nor a pattern in it shows: texts go by a hash of theirs, keyed by the
/// seed. Folds are stratified: each combination of labels is spread evenly, within one text. Equal texts
/// stay in one fold, so that none judges what it was trained on.
struct TextFolds {
    /// The fold of each text, in `0..<count`, [texts].
    let foldOfText: [Int]

    /// Cuts texts into folds.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - classes: Label column → class of each text.
    ///   - count: How many folds, at least 1.
    ///   - seed: Any number; another one gives other folds.
    init(texts: [String], classes: [String: [Int?]], count: Int, seed: UInt64) {
        let columns = classes.keys.sorted()
        func stratum(_ place: Int) -> [Int] { columns.map { classes[$0]?[place] ?? -1 } }
        var copies: [[UInt8]: [Int]] = [:]
        for place in texts.indices { copies[Array(texts[place].utf8), default: []].append(place) }
        let groups = copies.map { (hash: Self.hash($0.key, seed), places: $0.value) }
            .sorted { ($0.hash, $0.places[0]) < ($1.hash, $1.places[0]) }
        var sizes = [Int](repeating: 0, count: count)
        var sizesOfStratum: [[Int]: [Int]] = [:]
        var folds = [Int](repeating: 0, count: texts.count)
        for group in groups {
            let stratum = stratum(group.places[0])
            var own = sizesOfStratum[stratum] ?? [Int](repeating: 0, count: count)
            let fold = (0..<count).min { (own[$0], sizes[$0]) < (own[$1], sizes[$1]) } ?? 0
            own[fold] += group.places.count
            sizes[fold] += group.places.count
            sizesOfStratum[stratum] = own
            for place in group.places { folds[place] = fold }
        }
        foldOfText = folds
    }

    /// The texts of one fold, in order.
    func members(of fold: Int) -> [Int] { foldOfText.indices.filter { foldOfText[$0] == fold } }

    private static func hash(_ bytes: [UInt8], _ seed: UInt64) -> UInt64 {
        bytes.reduce(SplitMix64.mixed(seed &+ 0x9E37_79B9_7F4A_7C15)) {
            SplitMix64.mixed($0 ^ UInt64($1))
        }
    }
}

/// The real test texts in two halves, where no training texts were given: one stands in for them, the
/// other judges.
struct RealHalves {
    /// Places of the texts that are trained on, in order.
    let training: [Int]
    /// Places of those that judge, in order.
    let judging: [Int]

    /// Splits texts, each combination of labels evenly.
    init(texts: [String], classes: [String: [Int?]], seed: UInt64) {
        let halves = TextFolds(texts: texts, classes: classes, count: 2, seed: seed)
        training = halves.members(of: 0)
        judging = halves.members(of: 1)
    }
}
