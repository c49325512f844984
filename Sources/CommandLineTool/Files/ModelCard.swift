import Autograd
import Corpus
import DifferentialPrivacy
import Foundation
import LanguageModel
import PrivateTraining
import Training

/// `README.md` of an exported model: what it is, how it is asked, and what its weights guarantee.
struct ModelCard {
    static let name = "README.md"

    let model: OpenedModel
    let labels: LabelSet?
    let provenance: Provenance?

    /// The text of the card.
    var text: String {
        ([
            "# \(model.name)", "",
            "A \(model.parameters.configuration.family.title) of \(model.parameters.layout.parameterCount) parameters, exported by dpscribe "
                + "\(ProductVersion.current).", "",
        ] + privacy + ["## Prompts", ""] + prompts).joined(separator: "\n") + "\n"
    }

    private var privacy: [String] {
        guard let provenance else { return [] }
        let guarantee = provenance.guarantee
        var statement = "Trained on private records without a guarantee."
        if provenance.isPrivate, guarantee.epsilon.isFinite {
            let epsilon = ConsoleText.roundedUp(guarantee.epsilon)
            statement =
                "Trained on private records with differential privacy: epsilon \(epsilon) at delta "
                + "\(guarantee.delta), for adding or removing one \(provenance.unit.name). "
                + "`\(Provenance.fileName)` has the statement."
        }
        return ["## Privacy", ""] + provenance.warnings.flatMap { [$0, ""] } + [statement, ""]
    }

    private var prompts: [String] {
        let end = String(
            decoding: model.tokenizer.bytes(of: model.tokenizer.endOfText),
            as: UTF8.self
        )
        let begin = String(
            decoding: model.tokenizer.bytes(of: model.tokenizer.beginningOfText),
            as: UTF8.self
        )
        let ending = "A text ends with `\(end)`."
        guard let labels else {
            return [
                "Ask as training did: `\(begin)`, then the beginning of the text, which may be empty. "
                    + "(A model that was trained with labels reads them first: their values joined by "
                    + "TAB, two newlines, the text.)", ending,
            ]
        }
        let columns = labels.columns.map { "`\($0)`" }.joined(separator: ", ")
        let example = labels.values.compactMap(\.first).joined(separator: "\t") + "\n\n"
        return [
            "Ask as training did: the label values in the order \(columns), joined by TAB; two newlines; "
                + "then the beginning of the text, which may be empty. The newlines are two tokens of one "
                + "newline each. \(ending)", "",
            "Example, as a JSON string: `\(JSONValue.string(example).description)`",
        ]
    }
}
