public import Messages

/// What can be wrong with the inputs of a comparison.
///
/// No case carries text or label values found in data.
public enum EvaluationError: Equatable, Explained {
    /// A set of texts that a row needs is empty.
    case noTexts(set: String)
    /// Two rows would carry the same name, or a name that every comparison uses itself.
    case duplicateName(String)
    /// A set's label column has another number of values than the set has texts.
    case labelCountMismatch(set: String, column: String, texts: Int, labels: Int)
    /// The real test texts lack a label column that the comparison was asked for.
    case missingTestLabels(column: String)
    /// Fewer seeds than one were asked for.
    case noSeeds
    /// Two sets of embeddings have different widths.
    case dimensionMismatch(set: String, expected: Int, found: Int)
    /// An embedder returned another number of rows than it was given texts, or a value that is
    /// not finite.
    case unusableEmbeddings(set: String, reason: String)
    /// The symmetric eigenvalue routine did not converge.
    case eigenvaluesDidNotConverge(order: Int)

    /// What is wrong, where, and what to do.
    public var explanation: Message {
        switch self {
        case .noTexts(let set):
            "\(set) holds no usable text; give a file with at least one non-empty record."
        case .duplicateName(let name):
            "the name \"\(name)\" is used twice or is reserved (majority-class, real, "
                + "untuned-base); give every \(.synthetic) NAME=PATH its own name."
        case .labelCountMismatch(let set, let column, let texts, let labels):
            "\(set): label column \"\(column)\" has \(labels) values for \(texts) texts; "
                + "every record needs one value per column."
        case .missingTestLabels(let column):
            "the real test file has no values in label column \"\(column)\"; name a column that "
                + "it has with \(.labelColumns)."
        case .noSeeds:
            "the comparison was given no seeds; pass \(.seeds) with at least 1."
        case .dimensionMismatch(let set, let expected, let found):
            "\(set): embeddings have \(found) dimensions where \(expected) were expected; embed "
                + "every set with the same model."
        case .unusableEmbeddings(let set, let reason):
            "\(set): the embeddings cannot be used: \(reason); check the embedding model."
        case .eigenvaluesDidNotConverge(let order):
            "the eigenvalues of a \(order) x \(order) covariance did not converge; check the "
                + "embeddings for extreme values."
        }
    }
}
