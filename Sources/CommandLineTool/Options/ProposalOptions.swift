import ArgumentParser
import Corpus
import Foundation
import Kernels
import LanguageModel
import PrivateEvolution
import PrivateTraining

/// Where `evolve` gets its proposals from: a local model, or an OpenAI-compatible endpoint.
struct ProposalOptions: ParsableArguments {
    /// The environment variable with the endpoint's key.
    ///
    /// No other is looked at: a key must not go to an address that it was not meant for.
    static let keyVariable = "DPSCRIBE_ENDPOINT_KEY"

    @Option(
        help: ArgumentHelp("Public model; the bundled one by default.", valueName: "dir"),
        completion: .directory
    )
    var model: String?

    @Option(
        help: ArgumentHelp(
            "OpenAI-compatible address that proposes instead; key in $DPSCRIBE_ENDPOINT_KEY.",
            valueName: "url"
        )
    )
    var endpoint: String?

    @Option(help: ArgumentHelp("The endpoint's name of the model.", valueName: "name"))
    var endpointModel = "default"

    @Option(
        help: ArgumentHelp("JSON file with prompts for the endpoint.", valueName: "file"),
        completion: .file()
    )
    var prompts: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Requests to the endpoint at once.", valueName: "n")
    )
    var concurrency = 4

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Requests begun in a second at most.", valueName: "n")
    )
    var requestsPerSecond: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Seconds without an answer after which the endpoint is asked again.",
            valueName: "s"
        )
    )
    var requestTimeout = 120.0

    /// Checks what needs no data.
    ///
    /// - Throws: `ToolError`.
    func check() throws {
        guard endpoint != nil || prompts == nil else {
            throw ToolError.usage("--prompts is for --endpoint; a local model follows none")
        }
        try ToolError.require("--concurrency", concurrency, in: 1...256)
        if let requestsPerSecond, !(requestsPerSecond > 0 && requestsPerSecond.isFinite) {
            throw ToolError.badConfiguration(
                "--requests-per-second is \(requestsPerSecond); it must be above 0"
            )
        }
        guard requestTimeout > 0 && requestTimeout <= 86_400 else {
            throw ToolError.badConfiguration(
                "--request-timeout is \(requestTimeout); it must be above 0, at most 86400"
            )
        }
        _ = try endpoint.map(Self.address)
    }

    /// The generator for these classes.
    ///
    /// - Parameters:
    ///   - classes: The classes of the texts.
    ///   - local: The local model, if there is one.
    ///   - maximumNewTokens: The longest text.
    ///   - temperature: The sampling temperature; nil for that of the prompts' file, else 1.
    ///   - parallel: The threads of the local model.
    ///   - observe: Told when an endpoint makes waiting necessary.
    /// - Returns: What proposes texts.
    /// - Throws: `ToolError`; `PrivateEvolutionError.invalidPrompts`.
    func generator(
        for classes: TextClasses,
        local: OpenedModel?,
        maximumNewTokens: Int,
        temperature: Double?,
        _ parallel: ParallelFor,
        observe: @escaping @Sendable (EvolutionProgress) -> Void
    ) throws -> any CandidateGenerator<String> {
        if let endpoint {
            let address = try Self.address(endpoint)
            return try remote(
                address,
                classes,
                local,
                maximumNewTokens,
                temperature,
                observe
            )
        }
        guard let local else { throw ToolError.missingInput("there is no model to propose texts") }
        let encoder = ExampleEncoder(
            tokenizer: local.tokenizer,
            sequenceLength: 2,
            labelSet: classes.labelSet
        )
        let prefixes = (0..<classes.count).map {
            encoder.prefix(labels: classes.labels(ofClass: $0))
        }
        let contextLength = local.parameters.configuration.contextLength
        if let longest = prefixes.map(\.count).max(), longest > contextLength {
            throw ToolError.badConfiguration(
                "the labels of a class have \(longest) tokens; the model's context is "
                    + "\(contextLength). Shorten the label values"
            )
        }
        try PublicProbe(
            local.tokenizer,
            sequenceLength: contextLength,
            labels: classes.labelSet
        ).require(local.parameters, parallel: parallel)
        return LocalTextGenerator(
            model: TextGenerator(local.parameters, parallel: parallel),
            digest: local.digest(parallel),
            tokenizer: local.tokenizer,
            prefixes: prefixes,
            options: SamplingOptions(
                temperature: temperature.map { Float($0) } ?? 1,
                maximumNewTokens: maximumNewTokens,
                endOfText: local.tokenizer.endOfText,
                otherEndings: local.tokenizer.otherEndings,
                vocabularySize: local.tokenizer.vocabularySize
            )
        )
    }

    private func remote(
        _ address: URL,
        _ classes: TextClasses,
        _ local: OpenedModel?,
        _ maximumNewTokens: Int,
        _ temperature: Double?,
        _ observe: @escaping @Sendable (EvolutionProgress) -> Void
    ) throws -> any CandidateGenerator<String> {
        let key = ProcessInfo.processInfo.environment[Self.keyVariable]
        var asked =
            try prompts.map { try EndpointPrompts(path: $0) }
            ?? .continuing(model: endpointModel)
        asked.temperature = temperature ?? asked.temperature
        return EndpointTextGenerator(
            EndpointConfiguration(
                url: address,
                key: key.flatMap { $0.isEmpty ? nil : EndpointKey($0) },
                concurrency: concurrency,
                requestsPerSecond: requestsPerSecond,
                idleTimeout: requestTimeout,
                totalTimeout: max(5 * requestTimeout, 600)
            ),
            prompts: asked,
            labels: (0..<classes.count).map { classes.line(ofClass: $0) },
            maximumNewTokens: maximumNewTokens,
            tokenCount: (local?.tokenizer).map { tokenizer in { tokenizer.encode($0).count } },
            observe: observe
        )
    }

    /// The address before `/completions`; `/v1` where no path is given.
    private static func address(_ text: String) throws -> URL {
        guard let url = URL(string: text), let host = url.host(), !host.isEmpty,
            ["http", "https"].contains(url.scheme?.lowercased() ?? "")
        else {
            throw ToolError.usage("--endpoint \(text): write it as http://HOST:PORT/v1")
        }
        return url.path().isEmpty || url.path() == "/" ? url.appending(path: "v1") : url
    }
}
