/// How a run learns from its corpus: the command that does it.
public enum RunMethod: String, Codable, CaseIterable, Sendable {
    /// Training by DP-SGD; releases a model.
    case finetune
    /// Private Evolution; releases texts.
    case evolve
    /// Private prediction; releases texts.
    case fewshot

    /// The file of a run that says what was fixed beforehand.
    package var descriptionName: String {
        switch self {
        case .finetune: "run.json"
        case .evolve: "evolution.json"
        case .fewshot: "prediction.json"
        }
    }
}
