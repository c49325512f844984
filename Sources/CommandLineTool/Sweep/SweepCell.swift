import DifferentialPrivacy
import Foundation
import Yams

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

    /// The synthetic text: `evolve` and `fewshot` leave it in their folders.
    var text: URL {
        switch method {
        case .finetune: folder.appending(path: "texts/\(name).csv")
        case .evolve, .fewshot: output
        }
    }

    /// Says that the cell is finished, and how it was made.
    var record: URL { folder.appending(path: "cells/\(name).json") }

    /// The command lines that make the text, in order.
    ///
    /// A run that was interrupted is continued; every method starts at the beginning when
    /// there is nothing to continue.
    var commands: [[String]] {
        let made =
            [method.rawValue] + sweep.arguments(of: method.rawValue, at: epsilon)
            + ["--epsilon=\(epsilon)", "--out=\(output.path)", "--resume", "--json"]
        switch method {
        case .evolve, .fewshot: return [made]
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

/// An option of a sweep's file: one value, or a mapping of ε to values.
struct SweepOption {
    /// Without dashes in front.
    let name: String
    /// By ε; an ε that is left out of a mapping does without the option.
    private let arguments: [String: [String]]

    /// Reads a key and its value.
    ///
    /// - Throws: `ToolError.badConfiguration`, also for an ε that the sweep does not have.
    init(key: Node, value: Node, epsilons: [String], path: String) throws {
        guard let mapping = value.mapping else {
            let option = try ConfiguredOption(key: key, value: value, path: path)
            name = option.name
            arguments = Dictionary(uniqueKeysWithValues: epsilons.map { ($0, option.arguments) })
            return
        }
        var name = ""
        var arguments: [String: [String]] = [:]
        for (epsilon, value) in mapping {
            let option = try ConfiguredOption(key: key, value: value, path: path)
            name = option.name
            guard let epsilon = epsilon.scalar?.string, epsilons.contains(epsilon) else {
                let line = value.mark.map { ", line \($0.line)" } ?? ""
                throw ToolError.badConfiguration(
                    "\(path)\(line): an option names an ε that is not among the sweep's epsilons"
                )
            }
            arguments[epsilon] = option.arguments
        }
        (self.name, self.arguments) = (name, arguments)
    }

    /// What stands for the option on a command line at an ε.
    func arguments(at epsilon: String) -> [String] { arguments[epsilon] ?? [] }
}
