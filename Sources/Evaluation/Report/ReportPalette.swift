/// The colours of a report: Okabe and Ito's, told apart with any colour vision, and greys.
enum ReportPalette {
    /// Text.
    static let ink = "#1c2126"
    /// Axis labels, captions.
    static let muted = "#5b6670"
    /// Grid lines.
    static let line = "#e3e7ea"
    /// Real texts.
    static let real = "#3d464d"
    /// Fill beneath real texts.
    static let realFill = "#dfe4e8"
    /// Majority class and untuned base.
    static let reference = "#8a949c"

    private static let methods = [
        "#0072b2", "#d55e00", "#009e73", "#b3568f", "#b77b00", "#3a9bd1", "#6b5b00",
    ]

    /// The colour of the n-th method.
    static func method(_ index: Int) -> String { methods[index % methods.count] }

    /// The dash pattern of the n-th line of one colour.
    static func dashes(_ index: Int) -> String { ["", "7 3", "2 3", "9 3 2 3", "4 5"][index % 5] }
}
