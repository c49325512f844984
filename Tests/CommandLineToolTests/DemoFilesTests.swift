import DemoCorpus
import Testing

@testable import CommandLineTool

@Suite struct DemoFilesTests {
    @Test func noTestMessageHasTheWordsOfOneThatIsTrainedOn() throws {
        func words(_ messages: [DemoMessage]) -> [String] {
            messages.map { $0.text.lowercased().filter { $0.isLetter || $0.isNumber } }
        }
        let training = DemoCorpus.messages(
            count: DemoFiles.privateCount,
            seed: DemoFiles.trainingSeed
        )
        let test = try DemoFiles.testMessages(besides: training)
        #expect(test.count == DemoFiles.testCount)
        #expect(Set(words(test)).isDisjoint(with: words(training)))
    }
}
