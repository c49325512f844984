/// Which parameters are trained; gradients of the others are neither measured nor summed.
public enum TrainableSelection: Sendable, Equatable {
    /// Every parameter.
    case all
    /// The parameters of these GPT-2 names.
    case named(Set<String>)

    /// Whether the parameter of that name is trained.
    func contains(_ name: String) -> Bool {
        switch self {
        case .all: true
        case .named(let names): names.contains(name)
        }
    }
}
