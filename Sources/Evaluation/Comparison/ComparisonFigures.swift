/// What the plots of a report show beyond its numbers; not part of `numbers.json`.
struct ComparisonFigures: Sendable {
    /// The share of a row's texts by word count.
    struct LengthCurve: Sendable {
        let name: String
        /// The share of texts per bin, [bins].
        let shares: [Double]
    }

    /// A point of the map.
    struct Point: Sendable {
        let x: Float
        let y: Float
    }

    /// One method's points on the map.
    struct MapPanel: Sendable {
        let name: String
        let points: [Point]
    }

    /// A synthetic text and the synthetic text of another set nearest to it.
    struct Example: Sendable {
        let text: String
        /// One per other method: its name and its nearest text.
        let nearest: [(name: String, text: String)]
    }

    /// Words per bin of the length curves.
    var lengthBinWidth = 1
    /// The real test texts first, then each method.
    var lengths: [LengthCurve] = []
    /// Real test texts on the map.
    var realPoints: [Point] = []
    /// The methods on the map.
    var panels: [MapPanel] = []
    /// The share of variance that the two axes of the map explain, in [0, 1].
    var mapVariance = 0.0
    /// The name of the method whose texts the examples start from.
    var exampleSource = ""
    /// Nearest synthetic texts; never real ones.
    var examples: [Example] = []
}
