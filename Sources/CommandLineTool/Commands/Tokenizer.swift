import ArgumentParser

/// `dpscribe tokenizer`.
struct Tokenizer: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make a vocabulary from public text.",
        subcommands: [TokenizerTrain.self]
    )
}
