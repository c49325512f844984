/// What the plots of a report show beyond its numbers; not part of `numbers.json`.
struct ComparisonFigures: Sendable {
    /// The share of a set's texts by word count.
    struct LengthCurve: Sendable {
        /// Place among the report's groups; `nil` for the real test texts.
        let group: Int?
        /// The share of texts per bin, [bins].
        let shares: [Double]
    }

    /// A point of the map.
    struct Point: Sendable {
        let x: Float
        let y: Float
    }

    /// The points of one group's first run on the map.
    struct MapPanel: Sendable {
        /// Place among the report's groups.
        let group: Int
        let points: [Point]
    }

    /// A synthetic text with the values of its label columns.
    struct Labelled: Sendable, Equatable {
        let text: String
        /// One a label column, as the file has them; empty without labels.
        let labels: [String]
    }

    /// A synthetic text and the synthetic text of another set nearest to it.
    struct Example: Sendable {
        let text: Labelled
        /// One per other group, by its place among the report's: its nearest text.
        let nearest: [(group: Int, text: Labelled)]
    }

    /// Words per bin of the length curves.
    var lengthBinWidth = 1
    /// The real test texts first, then each group's first run.
    var lengths: [LengthCurve] = []
    /// Real test texts on the map.
    var realPoints: [Point] = []
    /// The groups on the map.
    var panels: [MapPanel] = []
    /// The share of variance that the two axes of the map explain, in [0, 1].
    var mapVariance = 0.0
    /// The group whose texts the examples start from, by its place among the report's.
    var exampleSource = 0
    /// Texts of each group's first run, by its place among the report's groups.
    var samples: [(group: Int, texts: [Labelled])] = []
    /// Nearest synthetic texts; never real ones.
    var examples: [Example] = []
}
