import Testing

@testable import CommandLineTool
@testable import Evaluation

@Suite struct ComparisonTableTests {
    @Test func severalRunsGetALineWithTheirMean() {
        let rows = zip(["a #1", "a #2", "b"], [0.5, 0.6, 0.7]).map { name, accuracy in
            var metrics = RowMetrics()
            metrics.accuracy = ["topic": accuracy]
            return ComparisonRow(
                name: name,
                reference: nil,
                series: String(name.prefix(1)),
                texts: 9,
                privacy: nil,
                metrics: metrics,
                flags: [],
                notes: []
            )
        }
        let groups = ComparisonGroup.groups(of: rows)
        let lines = ComparisonTable(rows: rows, labelColumns: ["topic"], groups: groups).lines
        #expect(lines.count == 5)
        #expect(
            lines[4].split(separator: " ") == [
                "a,", "mean", "of", "2", "-", "0.550", "-", "0.550", "-", "-",
            ]
        )
        #expect(Set(lines.map(\.count)).count == 1)
    }
}
