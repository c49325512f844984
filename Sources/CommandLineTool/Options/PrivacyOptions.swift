import ArgumentParser
import DifferentialPrivacy
import PrivateTraining
import Training

/// The options of `finetune` and `evolve` that say what is promised, and to whom.
struct PrivacyOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Target epsilon, or inf for no privacy.", valueName: "e")
    )
    var epsilon: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Delta, below 1/N; needed unless epsilon is inf.", valueName: "d")
    )
    var delta: Double?

    @Option(parsing: .unconditional, help: ArgumentHelp("N as a public constant.", valueName: "n"))
    var datasetSize: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Records of a user that are used; \(PrivacyUnit.defaultMaxRecords) by default.",
            valueName: "k"
        )
    )
    var maxRecordsPerUser: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Seed for tests; the run is NOT PRIVATE.", valueName: "s")
    )
    var insecureSeed: UInt64?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The most that all runs here on these records may cost together.",
            discussion:
                "Counts unfinished runs with all they planned; ends with 3 before anything is spent.",
            valueName: "e"
        )
    )
    var corpusBudget: Double?

    @Option(
        help: ArgumentHelp(
            "A file elsewhere that remembers how far ledgers had come.",
            discussion: "Made if it is not there. Keep it where the runs are not: it shows that a"
                + " ledger was cut back together with its checkpoints.",
            valueName: "file"
        ),
        completion: .file()
    )
    var ledgerWitness: String?

    /// The cap on the corpus' total; nil if there is none.
    ///
    /// - Throws: `ToolError.badConfiguration` for what is no positive number.
    private func totalOfCorpus() throws -> Double? {
        guard let corpusBudget else { return nil }
        guard corpusBudget > 0, corpusBudget.isFinite else {
            throw ToolError.badConfiguration(
                "--corpus-budget is \(corpusBudget); it must be a positive number"
            )
        }
        return corpusBudget
    }

    /// The target ε; infinite for `inf`.
    ///
    /// - Throws: `ToolError.badConfiguration` for what is neither a positive number nor `inf`.
    func target() throws -> Double {
        if epsilon == "inf" { return .infinity }
        guard let value = Double(epsilon), value > 0, value.isFinite else {
            throw ToolError.badConfiguration(
                "--epsilon is \(epsilon); it must be a positive number, or inf"
            )
        }
        return value
    }

    /// The target ε and δ, as far as they can be checked before the corpus is read.
    ///
    /// - Throws: `ToolError.badConfiguration`, `PrivacyError`.
    func budget() throws -> PrivacyBudget {
        let budget = try PrivacyBudget(epsilon: try target(), delta: delta)
        try budget.validate(unitCount: max(datasetSize ?? 1, 1))
        return budget
    }

    func apply(to request: inout FineTuningRequest) throws {
        request.delta = delta
        request.datasetSize = datasetSize
        request.maxRecordsPerUser = maxRecordsPerUser
    }

    /// What is asked about the life of a run in that folder.
    ///
    /// - Throws: `ToolError.badConfiguration` for a total that is no positive number.
    func run(in folder: String, resumes: Bool) throws -> RunRequest {
        var run = RunRequest(
            folder: folder,
            product: "dpscribe " + ProductVersion.current,
            witness: .allRuns
        )
        run.resumes = resumes
        run.insecureSeed = insecureSeed
        run.corpusBudget = try totalOfCorpus()
        run.witnessFile = ledgerWitness.map { LedgerWitnessFile(path: $0) }
        return run
    }
}
