public import Messages

/// The life of one run, the same for every method: it begins or goes on, spends by its ledger, and ends.
///
/// The folder appears by one rename, with secret, ledger and description in it. A run that goes on is
/// first read, then compared with what is asked, then opened. A new method says what it fixes beforehand
/// (`RunDescribing`), adds its case to `RunMethod`, and does this:
///
///     if try request.isForNewRun() {
///         let identity = request.identity()
///         let plan = try MyPlan(…)                      // solved once, stored with the run
///         life = try RunLife(
///             beginning: plan, request, identity, corpus: fingerprint, texts: sketch
///         ) { folder in … }                             // further files, before the folder appears
///     } else {
///         let begun = try BegunRun<MyPlan>(request)     // nothing is locked or changed yet
///         var differences = RunDifferences()
///         differences.compare(.iterations, asked: iterations, stored: begun.description.iterations)
///         life = try begun.resume(
///             differences, corpus: fingerprint, covering: newestPosition
///         )
///     }
///     // A release: reserved before it is computed, by `life.ledger`; computed again with equal inputs it
///     // is the same one and counts once.
///     try life.finish(steps: count, releasing: ["synthetic.csv"])
public struct RunLife<Description: RunDescribing> {
    /// Where it is, and what watches over its spending.
    public let request: RunRequest
    /// What the run was begun with; it is never solved again.
    public let description: Description
    /// The ledger, locked and open for writing.
    public let ledger: PrivacyLedger
    /// The runs on the same or an overlapping corpus when this process began.
    public let corpusRuns: CorpusRuns

    init(
        request: RunRequest,
        description: Description,
        ledger: PrivacyLedger,
        corpusRuns: CorpusRuns
    ) {
        self.request = request
        self.description = description
        self.ledger = ledger
        self.corpusRuns = corpusRuns
    }

    /// Begins a run: secret, ledger, description and what `populate` adds appear together.
    ///
    /// - Parameters:
    ///   - description: What is fixed beforehand.
    ///   - request: Where, and under which total of the corpus.
    ///   - identity: The secret, and the run's name in every ledger.
    ///   - corpus: The files and columns, under the key of the folder around the run.
    ///   - texts: The corpus' records, under the same key.
    ///   - populate: Writes further files into the folder whose path it gets; no other run can be made
    ///     here meanwhile.
    /// - Throws: `LedgerError`: `alreadyExists`, `targetExceeded`, `corpusBudgetExceeded`, …; what
    ///   `populate` throws. Then nothing is left behind.
    public init(
        beginning description: Description,
        _ request: RunRequest,
        _ identity: RunIdentity,
        corpus: CorpusFingerprint,
        texts: SealedSketch,
        populate: (String) throws -> Void = { _ in }
    ) throws {
        let bytes = try description.fileContents()
        let header = LedgerHeader(
            product: request.product,
            method: Description.method,
            runIdentifier: identity.name,
            corpus: corpus,
            texts: texts,
            isInsecure: identity.secret.isInsecure,
            promise: description.promise,
            description: bytes
        )
        var runs = CorpusRuns()
        let ledger = try RunFolder(path: request.folder).create(
            secret: identity.secret,
            header: header,
            witness: request.witnessFile
        ) { folder in
            runs = try request.admittedRuns(with: header)
            try SystemFiles().writeNewFile(folder + "/" + Description.fileName, bytes)
            try populate(folder)
        }
        self.init(request: request, description: description, ledger: ledger, corpusRuns: runs)
    }

    /// What the ledger was begun with.
    public var header: LedgerHeader { ledger.record.header }

    /// Whether nothing is left to do.
    public var isFinished: Bool { ledger.record.isFinished }

    /// What was spent, by the ledger; nil for a run without a target.
    ///
    /// - Throws: `PrivacyError` if ε cannot be bounded.
    public func guarantee() throws -> PrivacyGuarantee? { try ledger.record.guarantee() }

    /// What all runs here on the same or an overlapping corpus have spent together, read now, this one
    /// included; nil for a run without a target.
    ///
    /// - Throws: `LedgerError` for any run here whose ledger is damaged, shortened or gone;
    ///   `PrivacyError` if ε cannot be bounded.
    public func corpusGuarantee() throws -> PrivacyGuarantee? {
        try request.runs(like: header).spending(by: header.unit).guarantee(under: header.budget)
    }
}

extension RunLife {
    /// What a user must know before the run does anything.
    ///
    /// - Parameters:
    ///   - unitCount: N.
    ///   - isCounted: Whether N was read off the corpus, and is thereby public.
    ///   - labels: What must be said of label values that were read off the corpus.
    /// - Returns: One sentence or two each, NOT PRIVATE first.
    public func notes(unitCount: Int, isCounted: Bool, labels: [Message]) -> [Message] {
        RunNotes(
            isPrivate: header.isPrivate,
            unit: header.unit,
            unitCount: unitCount,
            isCounted: isCounted,
            labels: labels
        ).lines
    }

    /// What must be said before releases that were reserved are paid for again; nil if none are.
    ///
    /// What was reserved and not kept is computed again. With all inputs as they were that is the same
    /// release; with other threads or another machine it is a further one.
    ///
    /// - Parameters:
    ///   - names: What they are called, such as "steps".
    ///   - next: The first that this process computes, from 0.
    ///   - last: The last that was ever reserved; nil before the first.
    ///   - total: How many are planned.
    ///   - event: What one costs.
    ///   - isReplay: Whether `next` would be the very release that was reserved.
    /// - Returns: What happened, what it costs, what to do.
    /// - Throws: `PrivacyError`; what `isReplay` throws.
    public func lossOfReservations(
        _ names: String,
        next: Int,
        last: Int?,
        total: Int,
        event: PrivacyEvent,
        isReplay: () throws -> Bool
    ) throws -> Message? {
        guard header.budget != .unlimited, !isFinished, let last, last >= next, try !isReplay()
        else {
            return nil
        }
        let canFinish = try ledger.hasRoom(for: total - next, of: event)
        return
            "Reserved \(names) \(next + 1) to \(last + 1) cannot be replayed and will cost again:"
            + " something they depend on has changed, such as \(.threads), \(.microBatchSize), the"
            + " processor or the build. "
            + (canFinish
                ? "All \(total) \(names) still fit the target."
                : "The target then does not last for all \(total) \(names)."
                    + " Stop now and resume with what the run had before.")
    }
}

extension RunLife {
    /// Closes the ledger, then writes the manifest of what the run gives away.
    ///
    /// In that order, as the manifest says that nothing can follow. A run that is stopped in between is
    /// finished: see `restoreManifest`.
    ///
    /// - Parameters:
    ///   - steps: How many steps led to the last durable state.
    ///   - names: The released files in the run folder, durable already.
    /// - Returns: The manifest, as written.
    /// - Throws: When a file cannot be written or ε not be bounded; the run can then be continued.
    @discardableResult
    public func finish(steps: Int, releasing names: [String]) throws -> PrivacyManifest {
        try ledger.finish(steps: steps)
        return try writeManifest(releasing: names)
    }

    /// Writes the manifest of a finished run that was stopped before it was there.
    ///
    /// One that is there stays, whatever became of the files.
    ///
    /// - Parameters:
    ///   - names: The released files in the run folder.
    ///   - check: Throws if they are not what the run wrote.
    /// - Throws: What `check` throws; when a file cannot be written or ε not be bounded.
    public func restoreManifest(releasing names: [String], check: () throws -> Void) throws {
        let path = request.folder + "/" + PrivacyManifest.fileName
        guard try SystemFiles().contents(of: path) == nil else { return }
        try check()
        try writeManifest(releasing: names)
    }

    @discardableResult
    private func writeManifest(releasing names: [String]) throws -> PrivacyManifest {
        var manifest = try PrivacyManifest(
            of: description,
            record: ledger.record,
            runs: request.runs(like: header).records
        )
        manifest.files = try names.map { try ReleasedFile($0, in: request.folder) }
        let files = SystemFiles()
        for (name, bytes) in [
            (PrivacyManifest.pageName, Array(try manifest.page.utf8)),
            (PrivacyManifest.fileName, try manifest.fileContents()),
        ] {
            try files.writeWholeFile(name, in: request.folder, bytes)
        }
        return manifest
    }
}

/// What a user must know about a run, said on the console and in its manifest.
public struct RunNotes {
    /// One sentence or two each, NOT PRIVATE first.
    public let lines: [Message]

    /// - Parameters:
    ///   - isPrivate: Whether anything is promised.
    ///   - unit: What is protected.
    ///   - unitCount: N.
    ///   - isCounted: Whether N was read off the corpus, and is thereby public.
    ///   - labels: What must be said of label values that were read off the corpus.
    public init(
        isPrivate: Bool,
        unit: PrivacyUnit,
        unitCount: Int,
        isCounted: Bool,
        labels: [Message]
    ) {
        var lines: [Message] = []
        if !isPrivate { lines.append("NOT PRIVATE: this run gives no guarantee.") }
        if isCounted {
            lines.append(
                "The number of \(unit.name)s, \(unitCount), is treated as public."
                    + " Pass \(.datasetSize) to use another public number."
            )
        }
        self.lines = lines + labels
    }
}
