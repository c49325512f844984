import Messages
import Testing

@Suite struct MessageTests {
    private func shout(_ setting: Setting) -> String { "<\(setting.rawValue.uppercased())>" }

    @Test func settingsAreNamedAsTheReaderKnowsThem() {
        let message: Message = "\(.epsilon) is \(-1.5); \(Message(.delta)) is \("one")."
        #expect(message.description == "epsilon is -1.5; delta is one.")
        #expect(message.spelled(by: shout) == "<EPSILON> is -1.5; <DELTA> is one.")
    }

    @Test func aMessageWithinAnotherKeepsItsSettings() {
        let inner: Message = "\(.output) (8, not 9)"
        let outer: Message = "run: another \(inner)." + " Continue with \(.resume)."
        #expect(
            outer.spelled(by: shout)
                == "run: another <OUTPUT FOLDER> (8, not 9). Continue with <RESUME>."
        )
        #expect(outer.description == "run: another output folder (8, not 9). Continue with resume.")
    }

    /// What looks like a name in a path is no setting.
    @Test func textIsNeverTakenForASetting() {
        let message = Message("epsilon: \(Setting.epsilon.rawValue)")
        #expect(message.spelled(by: shout) == "epsilon: epsilon")
    }

    @Test func noPlainNameIsAnOptionAndNoTwoAreOne() {
        let names = Setting.allCases.map(\.rawValue)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { !$0.contains("--") && !$0.isEmpty })
    }

    @Test func anExplainedErrorDescribesItselfInPlainNames() {
        struct Refusal: Explained {
            let explanation: Message = "use another \(.model)"
        }
        #expect(String(describing: Refusal()) == "use another model")
    }
}
