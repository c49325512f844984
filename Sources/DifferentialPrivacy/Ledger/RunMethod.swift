/// How a run learns from its corpus: the command that does it.
public enum RunMethod: String, Codable, CaseIterable, Sendable {
    /// Training by DP-SGD; releases a model.
    case finetune
    /// Private Evolution; releases texts.
    case evolve
}
