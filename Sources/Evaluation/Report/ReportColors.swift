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
