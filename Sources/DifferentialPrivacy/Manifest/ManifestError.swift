public import Messages

/// Why a manifest cannot be used, or a release does not hold what its manifest says.
public enum ManifestError: Equatable, Explained {
    /// The folder has no manifest.
    case missing(path: String)
    /// The file is not a manifest.
    case unreadable(path: String)
    /// The manifest has another form than this version reads.
    case unknownSchema(path: String, schema: Int)
    /// The file is not what an audit prints.
    case unreadableAudit(path: String)
    /// The audit is of another version or build than the release.
    case otherBuild(path: String, audited: String, released: String)
    /// The audit found that the build does not keep its claim.
    case refuted(path: String)
    /// The release differs from its manifest, or the manifest contradicts itself.
    case mismatch(path: String, problems: [String])

    /// What is wrong, where, and what to do.
    public var explanation: Message {
        switch self {
        case .missing(let path):
            "\(path) is missing: this is not a release. Make one with `dpscribe release`."
        case .unreadable(let path):
            "\(path): not a privacy manifest. Get the release again from where it was made."
        case .unknownSchema(let path, let schema):
            "\(path): schema \(schema) is unknown to this version. Use the dpscribe that wrote it."
        case .unreadableAudit(let path):
            "\(path): not an audit. Write one with `dpscribe audit mechanism \(.json)`."
        case .otherBuild(let path, let audited, let released):
            "\(path): an audit of \(audited) in another build or version than the release, which is"
                + " of \(released). Audit with the very executable that trained and releases."
        case .refuted(let path):
            "\(path): this audit refutes the claim. Do not release what this build trained; report it."
        case .mismatch(let path, let problems):
            "\(path): \(problems.joined(separator: "; ")). Do not rely on its epsilon."
        }
    }
}
