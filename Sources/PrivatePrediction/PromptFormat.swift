package import Corpus

/// How records and labels become prompts.
///
///     instruction
///
///     Label: sports
///     Text: …                                   one such pair a record
///
///     Label: sports
///     Text:
///
/// The public prompt has no record. What a record adds depends on that record alone, cut to a length
/// that is fixed beforehand.
package struct PromptFormat: Sendable {
    private let tokenizer: BytePairTokenizer
    private let opening: [UInt8]
    private let labels: [String]
    /// The tokens that a context may have before its text.
    private let room: Int
    private let recordsPerPrompt: Int

    /// States the format.
    ///
    /// - Parameters:
    ///   - tokenizer: The model's.
    ///   - instruction: Comes first; empty for none. Public.
    ///   - labels: The line of each class; public.
    ///   - recordsPerPrompt: M.
    ///   - room: Tokens before the text, at most.
    /// - Throws: `PrivatePredictionError.longPrompt` if a record of 8 tokens would not fit.
    package init(
        tokenizer: BytePairTokenizer,
        instruction: String,
        labels: [String],
        recordsPerPrompt: Int,
        room: Int
    ) throws(PrivatePredictionError) {
        self.tokenizer = tokenizer
        opening = instruction.isEmpty ? [] : Array((instruction + "\n\n").utf8)
        self.labels = labels
        self.recordsPerPrompt = recordsPerPrompt
        self.room = room
        for number in labels.indices {
            let tokens = prompt(ofClass: number, records: []).count
            guard room - 2 * tokens >= 8 * recordsPerPrompt else {
                throw .longPrompt(tokens: tokens, context: room)
            }
        }
    }

    /// What else the model's input depends on, for the key of what is released.
    var description: [UInt8] {
        Array("\(opening) \(labels) \(room) \(recordsPerPrompt)".utf8)
    }

    /// The tokens of a prompt with these records; none for the public one.
    func prompt(ofClass number: Int, records: [String]) -> [Int32] {
        let line = labels[number].isEmpty ? "" : "Label: \(labels[number])\n"
        let ending = tokenizer.encode(Array((line + "Text:").utf8))
        var tokens = [tokenizer.beginningOfText] + tokenizer.encode(opening)
        let share = (room - tokens.count - ending.count) / max(recordsPerPrompt, 1)
        for record in records {
            let pair = tokenizer.encode(Array((line + "Text: " + Self.oneLine(record)).utf8))
            let separator = tokenizer.encode(Array("\n\n".utf8))
            let taken = pair.prefix(max(share - separator.count, 0)) + separator
            guard tokens.count + taken.count + ending.count <= room else { break }
            tokens += taken
        }
        return tokens + ending
    }

    /// A text ends where its line does, so a record has one.
    private static func oneLine(_ text: String) -> String {
        String(
            decoding: text.utf8.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 },
            as: UTF8.self
        )
    }
}
