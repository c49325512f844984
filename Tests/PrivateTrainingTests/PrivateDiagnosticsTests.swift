import Foundation
import Testing

@testable import LanguageModel
@testable import PrivateTraining

@Suite("Private diagnostics")
struct PrivateDiagnosticsTests {
    @Test("Means are over the units whose values are finite")
    func means() throws {
        let workspace = try RunWorkspace()
        let diagnostics = try PrivateDiagnostics(folder: workspace.folder)
        let measured = DecoderGradientPass.Measurement(
            losses: [1, .infinity, 3],
            squaredNorms: [4, .nan, 16]
        )
        diagnostics.add(measured, factors: [1, 0, 0.5])
        try diagnostics.endStep(7)
        let line = try workspace.text(PrivateDiagnostics.fileName)
        for figure in [
            #""batch":3"#, #""mean_loss":2,"#, #""mean_norm":3,"#, #""non_finite":1"#, #""step":7"#,
        ] {
            #expect(line.contains(figure), "\(figure) in \(line)")
        }
    }
}
