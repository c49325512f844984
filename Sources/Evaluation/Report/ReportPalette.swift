/// The colours of a report: Okabe and Ito's, told apart with any colour vision, and greys.
///
/// Each is a variable of the style sheet, which has another value for dark screens, with the light one as
/// what a drawing falls back to when it is cut out of its page.
enum ReportPalette {
    /// Text.
    static let ink = variable("ink")
    /// Axis labels, captions.
    static let muted = variable("muted")
    /// Grid lines.
    static let line = variable("line")
    /// Real texts.
    static let real = variable("real")
    /// Fill beneath real texts.
    static let realFill = variable("real-fill")
    /// Majority class and untuned base.
    static let reference = variable("reference")

    /// Name, value on white, value on black.
    private static let colors: [(name: String, light: String, dark: String)] = [
        ("ink", "#1c2126", "#e6eaed"), ("muted", "#5b6670", "#9aa5ae"),
        ("line", "#e3e7ea", "#2f363c"), ("paper", "#ffffff", "#15181b"),
        ("real", "#3d464d", "#c3ccd3"), ("real-fill", "#dfe4e8", "#2a3138"),
        ("reference", "#8a949c", "#78838b"), ("alarm", "#d55e00", "#ff8a3d"),
        ("alarm-fill", "#fdf4ee", "#2b1f17"), ("m0", "#0072b2", "#4fb0e8"),
        ("m1", "#d55e00", "#ff8a3d"), ("m2", "#009e73", "#35c99d"),
        ("m3", "#b3568f", "#e08dc0"), ("m4", "#b77b00", "#e6a92e"),
        ("m5", "#3a9bd1", "#8fd0f5"), ("m6", "#6b5b00", "#cdbb4a"),
    ]

    /// Colours of methods among them.
    private static let methodCount = 7

    /// The colour of the n-th method.
    static func method(_ index: Int) -> String { variable("m\(index % methodCount)") }

    /// The dash pattern of the n-th line of one colour.
    static func dashes(_ index: Int) -> String { ["", "7 3", "2 3", "9 3 2 3", "4 5"][index % 5] }

    /// The variables of the style sheet, for white or for dark screens.
    static func variables(isDark: Bool) -> String {
        colors.map { "--\($0.name): \(isDark ? $0.dark : $0.light);" }.joined(separator: " ")
    }

    private static func variable(_ name: String) -> String {
        let light = colors.first { $0.name == name }?.light ?? "#000000"
        return "var(--\(name), \(light))"
    }
}

/// What tells groups apart in every drawing: a colour for the series, a dash pattern for its ε.
struct ReportColors {
    /// The series in order of appearance.
    let series: [String]
    private let groups: [ComparisonGroup]

    init(report: ComparisonReport) {
        groups = report.groups
        series = groups.map(\.series).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The colour of a group's series; grey for references.
    func color(of group: ComparisonGroup) -> String {
        switch group.reference {
        case .real: ReportPalette.real
        case .majorityClass, .untunedBase: ReportPalette.reference
        case nil: ReportPalette.method(place(of: group.series))
        }
    }

    /// The dash pattern that tells a group from the others of its colour.
    func dashes(of group: ComparisonGroup) -> String {
        let own = groups.filter { color(of: $0) == color(of: group) }
        return ReportPalette.dashes(own.firstIndex { $0.name == group.name } ?? 0)
    }

    private func place(of name: String) -> Int { series.firstIndex(of: name) ?? 0 }
}
