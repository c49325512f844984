import DifferentialPrivacy
import Foundation
import LanguageModel

/// Loss, gradient norms and batch sizes of a run: private, for the curator's eyes only.
///
/// Lines of JSON in `diagnostics.private.jsonl` (0600) of the run folder, written only when asked
/// for, never part of a release, never read by this product.
final class PrivateDiagnostics {
    /// The file's name in the run folder.
    static let fileName = "diagnostics.private.jsonl"

    private struct Line: Encodable {
        let warning = "PRIVATE: not differentially private"
        let step: Int
        let batch: Int
        let meanLoss: Double
        let meanNorm: Double
        let clippedShare: Double
        let nonFinite: Int
    }

    private let file: OpenFile
    private let files: any FileOperations
    private var losses: [Double] = []
    private var norms: [Double] = []
    private var clipped = 0

    /// Opens the run's file, or creates it.
    init(folder: String, files: any FileOperations = SystemFiles()) throws {
        let path = folder + "/" + Self.fileName
        self.files = files
        let exists = try files.contents(of: path) != nil
        file = exists ? try files.openFile(path) : try files.createFile(path)
    }

    /// Adds a micro-batch to the present step.
    func add(_ measured: DecoderGradientPass.Measurement, factors: [Float]) {
        losses += measured.losses
        norms += measured.squaredNorms.map { $0.squareRoot() }
        clipped += factors.reduce(0) { $0 + ($1 < 1 ? 1 : 0) }
    }

    /// Writes the step's line and forgets it.
    func endStep(_ step: Int) throws {
        let line = Line(
            step: step,
            batch: norms.count,
            meanLoss: Self.mean(losses),
            meanNorm: Self.mean(norms),
            clippedShare: Double(clipped) / Double(max(norms.count, 1)),
            nonFinite: norms.count { !$0.isFinite }
        )
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = .sortedKeys
        try files.append(Array(try encoder.encode(line)) + [UInt8(ascii: "\n")], to: file)
        losses.removeAll(keepingCapacity: true)
        norms.removeAll(keepingCapacity: true)
        clipped = 0
    }
    /// Over the finite values; 0 without any.
    private static func mean(_ values: [Double]) -> Double {
        let finite = values.filter(\.isFinite)
        return finite.reduce(0, +) / Double(max(finite.count, 1))
    }
}
