import Corpus
import DifferentialPrivacy
import LanguageModel

/// Draws texts until there are as many as asked for.
///
/// A row's text depends on the secret, the row's number and its labels alone: not on threads, batch
/// or the other rows. An empty text is drawn again with fresh randomness.
struct TextDrawing {
    private typealias Request = GenerationRequest<KeyStreamGenerator>

    /// A row that comes up empty this often is taken for a model that has nothing to say.
    private static let mostAttempts = 1_000

    let tokenizer: BytePairTokenizer
    let labelSet: LabelSet?
    let prompt: String?
    let options: SamplingOptions
    let secret: RunSecret

    /// The labels of each row, mixed so that any part of the file has about the whole's shares.
    func rows(of mixture: LabelMixture?, count: Int) throws -> [[String]] {
        guard let mixture else { return Array(repeating: [], count: count) }
        var rows = mixture.counts(of: count).flatMap {
            Array(repeating: $0.labels, count: $0.count)
        }
        var generator = generator(lane: .max)
        rows.shuffle(using: &generator)
        return rows
    }

    /// Refuses a prompt that the model cannot read as a whole, labels included.
    ///
    /// - Throws: `ToolError.badConfiguration` with the most tokens that a row's prompt has.
    func requireRoom(for rows: [[String]], contextLength: Int) throws {
        let labels = Set(rows).map { row in row.map { Array($0.utf8) } }
        let longest = labels.map { prompt(labels: $0).count }.max() ?? 0
        guard longest <= contextLength else {
            throw ToolError.badConfiguration(
                "the prompt has \(longest) tokens\(labelSet == nil ? "" : " with its labels"); the "
                    + "model's context is \(contextLength). Shorten --prompt"
            )
        }
    }

    /// Generates one text a row and hands them over in the order of the rows.
    ///
    /// - Parameters:
    ///   - rows: The labels of each row.
    ///   - first: The number of the first row; texts of other numbers are drawn afresh.
    ///   - generator: The model.
    ///   - finished: Gets the row's place, the tokens drawn so far in all, text and labels.
    /// - Returns: The tokens drawn in all, those of empty texts included.
    /// - Throws: `ToolError.badConfiguration` if a row stays empty, or what `finished` throws.
    func draw(
        _ rows: [[String]],
        numberedFrom first: Int = 0,
        with generator: TextGenerator,
        finished: (Int, Int, [UInt8], [[UInt8]]) throws -> Void
    ) throws -> Int {
        let labels = rows.map { $0.map { Array($0.utf8) } }
        var following = 0
        var again: [Int] = []
        var attempts: [Int: Int] = [:]
        var waiting: [Int: [UInt8]] = [:]
        var written = 0
        var tokens = 0
        try generator.generate(options) { () -> Request? in
            let row: Int
            if let repeated = again.popLast() {
                row = repeated
            } else {
                guard following < rows.count else { return nil }
                row = following
                following += 1
            }
            return request(
                row: row,
                lane: UInt64(first + row) << 16 | UInt64(attempts[row] ?? 0),
                labels: labels[row]
            )
        } finished: { result in
            tokens += result.tokens.count
            let text = tokenizer.decode(result.tokens)
            guard text.contains(where: { !Self.isBlank($0) }) else {
                attempts[result.id, default: 0] += 1
                try requireHope(attempts[result.id] ?? 0)
                again.append(result.id)
                return
            }
            waiting[result.id] = text
            while let text = waiting.removeValue(forKey: written) {
                try finished(written, tokens, text, labels[written])
                written += 1
            }
        }
        return tokens
    }

    private func requireHope(_ attempts: Int) throws {
        guard attempts < (options.temperature > 0 ? Self.mostAttempts : 1) else {
            throw ToolError.badConfiguration(
                "the model ends its text at once, \(attempts) times in a row; raise --temperature, "
                    + "--top-k or --top-p, or give a --prompt"
            )
        }
    }

    private func request(row: Int, lane: UInt64, labels: [[UInt8]]) -> Request {
        let prompt = prompt(labels: labels)
        return GenerationRequest(id: row, prompt: prompt, generator: generator(lane: lane))
    }

    private func prompt(labels: [[UInt8]]) -> [Int32] {
        let encoder = ExampleEncoder(tokenizer: tokenizer, sequenceLength: 2, labelSet: labelSet)
        return encoder.prefix(labels: labels) + (prompt.map { tokenizer.encode($0) } ?? [])
    }

    /// A stream of draws; every lane is independent of the others.
    func generator(lane: UInt64) -> KeyStreamGenerator {
        let key = StepKey(
            secret: secret,
            inputs: StepInputs(runIdentifier: "sample", label: "texts", domain: "sample")
        )
        return KeyStreamGenerator(key.stream(for: .decoding, lane: lane), bufferedBlocks: 16)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
