import SeededRandomness

/// The real test texts in two halves, where no training texts were given: one stands in for them, the
/// other judges.
///
/// Neither the order of the file nor a pattern in it shows: texts go by a hash of theirs, keyed by the
/// seed. The halves are stratified: each combination of labels is split evenly, within one text.
/// Equal texts stay on one side, so that none judges what it was trained on.
struct RealHalves {
    /// Places of the texts that are trained on, in order.
    let training: [Int]
    /// Places of those that judge, in order.
    let judging: [Int]

    /// Splits texts.
    ///
    /// - Parameters:
    ///   - texts: The texts.
    ///   - classes: Label column → class of each text.
    ///   - seed: Any number; another one gives other halves.
    init(texts: [String], classes: [String: [Int?]], seed: UInt64) {
        let columns = classes.keys.sorted()
        func stratum(_ place: Int) -> [Int] { columns.map { classes[$0]?[place] ?? -1 } }
        var copies: [[UInt8]: [Int]] = [:]
        for place in texts.indices { copies[Array(texts[place].utf8), default: []].append(place) }
        let groups = copies.map { (hash: Self.hash($0.key, seed), places: $0.value) }
            .sorted { ($0.hash, $0.places[0]) < ($1.hash, $1.places[0]) }
        // How many more texts are on the training side: of a stratum, and of all.
        var lead: [[Int]: Int] = [:]
        var allLead = 0
        var isTraining = Array(repeating: false, count: texts.count)
        for group in groups {
            let stratum = stratum(group.places[0])
            let own = lead[stratum, default: 0]
            let joins = own == 0 ? allLead <= 0 : own < 0
            let change = joins ? group.places.count : -group.places.count
            lead[stratum] = own + change
            allLead += change
            for place in group.places { isTraining[place] = joins }
        }
        training = texts.indices.filter { isTraining[$0] }
        judging = texts.indices.filter { !isTraining[$0] }
    }

    private static func hash(_ bytes: [UInt8], _ seed: UInt64) -> UInt64 {
        bytes.reduce(SplitMix64.mixed(seed &+ 0x9E37_79B9_7F4A_7C15)) {
            SplitMix64.mixed($0 ^ UInt64($1))
        }
    }
}
