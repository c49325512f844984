import ArgumentParser
import CompletionServer
import Foundation
import Kernels
import LanguageModel

/// `dpscribe serve`.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Offer a model through OpenAI's completion interface, on this machine only.",
        discussion: """
            Example: dpscribe serve --model models/base --port 8080

            Answers /v1/models and /v1/completions on 127.0.0.1 until it is stopped. Prompts are \
            neither logged nor kept. Other tools can so use the very model that dpscribe uses.

            A prompt is read as training reads a text: the label values, in the order of the label \
            columns and joined by TAB, then two newlines, then the beginning of the text, which may be \
            empty. What stands before the first empty line so is the labels' line. With nothing there, \
            or no empty line, the prompt is a text without labels and follows end-of-text.

            Example of a prompt, in JSON: "billing\\tangry\\n\\nDear team,"

            With "stream": true pieces of the texts are sent as they are drawn, those of several prompts \
            or copies (n) in turns. A client that hangs up ends the drawing, streamed or not.

            A prompt longer than the model's context is refused, and so is every field of a request that \
            is not known here: prompt, max_tokens or max_completion_tokens, temperature, top_p, top_k, n, \
            stop, seed, stream, stream_options. "model" may be left out, be the name that /v1/models \
            gives, or "default"; any other is answered 404.

            A request has at most 32 KiB of headers and 1 MiB of body, and 10 and 30 seconds to send \
            them. There are 128 connections; one more takes the place of the one that has waited longest \
            without a request.
            """
    )

    @Option(
        help: ArgumentHelp("Model or run; the bundled one by default.", valueName: "dir|run"),
        completion: .directory
    )
    var model: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Port to listen on; 0 for any that is free.", valueName: "p")
    )
    var port = 8_080

    @OptionGroup var global: GlobalOptions

    func run() throws {
        ProcessHardening.protectPrivateMemory()
        Interruption.listen()
        let port = try portNumber()
        let folder = try ModelLocator.current().folder(named: model).path
        let source = try OpenedModel(folder: folder)
        let served = CompletionModel(
            name: source.name,
            generator: TextGenerator(
                source.parameters,
                parallel: ParallelFor(threadCount: try global.threadCount())
            ),
            tokenizer: source.tokenizer,
            contextLength: source.parameters.configuration.contextLength
        )
        let result = global.result
        do {
            try InterruptibleTask.run { try await Self.serve(served, port: port, result) }
        } catch is CancellationError {
            // A server is done when it is stopped.
        }
    }

    /// The port asked for.
    ///
    /// - Throws: `ToolError.badConfiguration` for what is no port.
    func portNumber() throws -> UInt16 {
        try ToolError.require("--port", port, in: 0...Int(UInt16.max))
        return UInt16(port)
    }

    private static func serve(
        _ model: CompletionModel,
        port: UInt16,
        _ result: ResultWriter
    ) async throws {
        let server = try CompletionServer(model, port: port)
        let url = "http://127.0.0.1:\(server.port)/v1"
        try result.write(
            [
                "url": .string(url), "port": .integer(Int(server.port)),
                "model": .string(model.name),
            ],
            text: ["serving \(model.name) at \(url)"]
        )
        try await server.run()
    }
}
