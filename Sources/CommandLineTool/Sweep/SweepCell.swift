import DifferentialPrivacy
import Foundation

/// One cell of a sweep: a method at an ε, once.
struct SweepCell {
    let method: RunMethod
    /// As the file has it.
    let epsilon: String
    /// Counts from 1.
    let run: Int
    let sweep: SweepFile

    /// Names its files: `finetune-epsilon8-run2`.
    var name: String { "\(method.rawValue)-epsilon\(epsilon)-run\(run)" }

    /// The row's name in the report.
    var rowName: String {
        let target = epsilon == "inf" ? "∞" : epsilon
        return "\(method.rawValue) ε=\(target)" + (sweep.runs > 1 ? " #\(run)" : "")
    }

    /// What the method makes; runs of one corpus lie side by side, so that their budgets add up.
    var output: URL { folder.appending(path: name) }

    /// The synthetic text: `evolve` leaves it in its folder.
    var text: URL {
        switch method {
        case .finetune: folder.appending(path: "texts/\(name).csv")
        case .evolve: output
        }
    }

    /// Says that the cell is finished, and how it was made.
    var record: URL { folder.appending(path: "cells/\(name).json") }

    /// The command lines that make the text, in order.
    ///
    /// A run that was interrupted is continued; `finetune` and `evolve` start at the beginning when
    /// there is nothing to continue.
    var commands: [[String]] {
        let made =
            [method.rawValue] + sweep.arguments(of: method.rawValue, at: epsilon)
            + ["--epsilon=\(epsilon)", "--out=\(output.path)", "--resume", "--json"]
        switch method {
        case .evolve: return [made]
        case .finetune:
            let drawn =
                ["sample"] + sweep.arguments(of: "sample", at: epsilon)
                + ["--model=\(output.path)", "--out=\(text.path)", "--seed=\(run)", "--json"]
            return [made, drawn]
        }
    }

    /// The `plan` that tells beforehand how long the cell takes; nil where none does.
    var plan: [String]? {
        let known = [
            "delta", "batch-size", "epochs", "noise-multiplier", "sequence-length", "model",
        ]
        let options = sweep.arguments(of: method.rawValue, at: epsilon, known.contains)
        let size = sweep.arguments(of: method.rawValue, at: epsilon) { $0 == "dataset-size" }
        guard method == .finetune, let size = size.first else { return nil }
        let records = size.replacing("--dataset-size", with: "--records")
        return ["plan", records, "--epsilon=\(epsilon)", "--json", "--quiet"] + options
    }

    private var folder: URL { URL(filePath: sweep.folder, directoryHint: .isDirectory) }
}
