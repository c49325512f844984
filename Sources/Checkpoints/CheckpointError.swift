public import LanguageModel

/// Everything that can go wrong with model and checkpoint files.
///
/// Names that come from a file are shortened and stripped of control characters by `printable`.
public enum CheckpointError: Error, Equatable, Sendable, CustomStringConvertible {
    /// There is no such file or folder.
    case noSuchFile(path: String)
    /// The disk or the user's share of it is full.
    case diskFull(path: String)
    /// The output exists already and is not to be replaced.
    case exists(path: String)
    /// The operating system refused an operation; `code` is its errno.
    case inputOutput(operation: String, path: String, code: Int32)
    /// A safetensors file breaks a rule of the format.
    case safetensors(path: String, defect: SafetensorsDefect)
    /// An HDF5 file is not one that this product wrote.
    case hdf5(path: String, problem: String)
    /// The file's SHA-256 differs from its sidecar's, or there is no readable sidecar.
    case digest(path: String, problem: String)
    /// What was just written does not read back as it was written.
    case verification(path: String)
    /// The folder holds no usable checkpoint.
    case noCheckpoint(folder: String)
    /// A model folder's `config.json` cannot be used.
    case configuration(path: String, problem: DecoderConfigurationError)
    /// A model folder's tensors do not fit its configuration.
    case model(path: String, problem: String)
    /// The tokenizer of a model has ids that its weights have no rows for.
    case vocabulary(path: String, tokens: Int, rows: Int)

    /// What is wrong, where, and what to do.
    public var description: String {
        switch self {
        case .noSuchFile(let path):
            "\(path): no such file or folder. Check the path."
        case .diskFull(let path):
            "\(path): the disk is full. Free some space and run the command again; "
                + "files that were there before are untouched."
        case .exists(let path):
            "\(path): exists already. Choose another name or remove it."
        case .inputOutput(let operation, let path, let code):
            "\(path): \(operation) failed (error \(code)). Check the disk and the permissions."
        case .safetensors(let path, let defect):
            "\(path): not a valid safetensors file: \(defect). Fetch or export it again."
        case .hdf5(let path, let problem):
            "\(path): not a checkpoint of dpscribe: \(problem). Other HDF5 files are not read; "
                + "save the model as safetensors and use `dpscribe import`."
        case .digest(let path, let problem):
            "\(path): \(problem). The file is damaged or was not written by dpscribe; "
                + "use an older checkpoint."
        case .verification(let path):
            "\(path): what was written does not read back as it was written. "
                + "Check the disk; the earlier files are untouched."
        case .noCheckpoint(let folder):
            "\(folder): no valid checkpoint there. Check the path, or start the run again."
        case .configuration(let path, let problem):
            "\(path): \(problem)"
        case .model(let path, let problem):
            "\(path): \(problem). Pass a GPT-2 folder whose weights fit its config.json."
        case .vocabulary(let path, let tokens, let rows):
            "\(path): the tokenizer has \(tokens) tokens, the weights have rows for \(rows). Pass the "
                + "tokenizer that belongs to the model. If tokens were added to it, give the model rows "
                + "for them (in transformers: resize_token_embeddings) and save both."
        }
    }

    /// At most 80 characters of printable ASCII, so that a name in a file cannot drive a terminal.
    package static func printable(_ text: some Sequence<UInt8>) -> String {
        let kept = text.prefix(80).map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: "?") }
        return String(decoding: kept, as: UTF8.self)
    }
}
