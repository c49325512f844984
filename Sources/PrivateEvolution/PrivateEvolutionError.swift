package import Messages

/// Why an evolution cannot start or go on.
///
/// Never quotes a record or a candidate.
package enum PrivateEvolutionError: Equatable, Explained {
    /// A setting lies outside its range.
    case invalidSetting(name: Message, value: String, requirement: String)
    /// A file of the run is not what the run wrote.
    case damagedState(path: String, reason: String)
    /// A generator gave back fewer candidates than it was asked for.
    case missingCandidates(iteration: Int, asked: Int, received: Int)
    /// A model went on drawing texts of nothing but white space.
    case emptyTexts(count: Int, attempts: Int)
    /// An endpoint went on failing after all retries.
    case endpointFailed(url: String, reason: String, attempts: Int)
    /// An endpoint was never reached.
    case endpointUnreachable(url: String, reason: String, attempts: Int)
    /// An endpoint refuses for good: key, model or request is wrong.
    case endpointRefused(url: String, status: Int)
    /// An endpoint took none of so many prompts for one text.
    case promptsRefused(url: String, status: Int, prompts: Int)
    /// A prompt file lacks something.
    case invalidPrompts(path: String, problem: String)

    /// What, where, what to do.
    package var explanation: Message {
        switch self {
        case .invalidSetting(let name, let value, let requirement):
            "\(name) is \(value); it must be \(requirement)."
        case .damagedState(let path, let reason):
            "\(path): \(reason). Restore it from a copy, or start again with another \(.output)."
        case .missingCandidates(let iteration, let asked, let received):
            "iteration \(iteration): the generator gave \(received) of \(asked) candidates."
                + " Continue with \(.resume)."
        case .emptyTexts(let count, let attempts):
            "\(count) texts came out empty, \(attempts) times over. Use another \(.model) or prompt."
        case .endpointFailed(let url, let reason, let attempts):
            "\(url): \(reason), \(attempts) attempts. Nothing is lost: continue with \(.resume) once"
                + " it answers."
        case .endpointRefused(let url, let status) where (300...399).contains(status):
            "\(url) answers with status \(status), a redirect, which is not followed: the key would"
                + " go along. Pass the address that it leads to as \(.endpoint), with another \(.output)."
        case .endpointUnreachable(let url, let reason, let attempts):
            "\(url): \(reason), \(attempts) attempts. If the address is right, start the endpoint and"
                + " continue with \(.resume); else correct \(.endpoint) and choose another \(.output)."
        case .endpointRefused(let url, 404):
            "\(url) answers with status 404: it has no completions under this address, or no model of"
                + " that name. \(.endpoint) ends before /completions, mostly in /v1; the model is named by"
                + " \(.endpointModel) or in \(.prompts). With another of them choose another \(.output)."
        case .endpointRefused(let url, let status):
            "\(url) answers with status \(status). Check the key in the environment, then continue"
                + " with \(.resume); with another address or model, choose another \(.output)."
        case .promptsRefused(let url, let status, let prompts):
            "\(url) refuses \(prompts) prompts for one text with status \(status). Shorten or change"
                + " the \(.prompts), or leave out settings that it does not know, and start again with"
                + " another \(.output)."
        case .invalidPrompts(let path, let problem):
            "\(path): \(problem). Correct the file of prompts."
        }
    }
}
