import Foundation
import Testing

@testable import CommandLineTool

@Suite struct ConsoleTests {
    @Test func numbersInJSONReadBackExactly() throws {
        for value in [
            0.1, 1e-300, 7.123456789012345, Double.leastNonzeroMagnitude, 1e16,
            Double.greatestFiniteMagnitude,
        ] {
            let text = JSONValue.number(value).description
            let data = Data("[\(text)]".utf8)
            let read = try #require(JSONSerialization.jsonObject(with: data) as? [Double])
            #expect(read == [value])
        }
    }

    @Test func infinityIsAStringAndNotANumberIsNull() {
        let value: JSONValue = [
            "a": .number(.infinity), "b": .number(-.infinity), "c": .number(.nan),
        ]
        #expect(value.description == #"{"a":"inf","b":"-inf","c":null}"#)
    }

    @Test func everyScalarSurvivesQuoting() throws {
        let text = String(String.UnicodeScalarView((0...0x2100).compactMap(Unicode.Scalar.init)))
        let data = Data(JSONValue.array([.string(text)]).description.utf8)
        let read = try #require(JSONSerialization.jsonObject(with: data) as? [String])
        #expect(read[0].utf8.elementsEqual(text.utf8))
    }

    /// A column's name, or a path, must not move the cursor or turn a line around.
    @Test func whatATerminalObeysIsSpelledOut() {
        #expect(
            ConsoleText.printable("a\u{1B}[2J\r\u{9B}b\u{202E}\nc")
                == #"a\u{1B}[2J\u{D}\u{9B}b\u{202E}"# + "\nc"
        )
        #expect(ConsoleText.printable("naïve 日本 👍🏽") == "naïve 日本 👍🏽")
    }

    @Test func shownEpsilonIsNeverBelowTheTruth() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let value = pow(10, Double.random(in: -5...3, using: &generator))
            let shown = try #require(Double(ConsoleText.roundedUp(value, digits: 3)))
            #expect(shown >= value && shown < value + 1.001e-3)
        }
        #expect(ConsoleText.roundedUp(8, digits: 3) == "8.000")
        #expect(ConsoleText.roundedUp(.infinity) == "inf")
    }

    @Test func progressShowsWhatIsKnown() {
        let report = ConsoleProgress.Report(
            activity: "fine-tuning",
            done: 12,
            total: 400,
            epsilon: 1.23401,
            speed: "14.2k tokens/s",
            secondsLeft: 3_900
        )
        #expect(
            ConsoleProgress.line(report)
                == "fine-tuning  12/400  ε 1.235  14.2k tokens/s  65 min left"
        )
        for columns in 0..<80 {
            #expect(ConsoleProgress.line(report, columns: columns).count <= columns)
        }
        #expect(
            ConsoleProgress.line(report, columns: 48)
                == "fine-tuning  12/400  ε 1.235  65 min left"
        )
        #expect(ConsoleProgress.line(report, columns: 30) == "12/400  ε 1.235  65 min left")
        #expect(ConsoleProgress.line(report, columns: 20) == "12/400  ε 1.235")
        let short = ConsoleProgress.Report(activity: "sampling", done: 3)
        #expect(ConsoleProgress.line(short) == "sampling  3")
    }

    @Test(arguments: [(0.0, "0 s"), (119, "119 s"), (120, "2 min"), (7_500, "2 h 05 min")])
    func durationsReadWell(seconds: Double, text: String) {
        #expect(ConsoleText.duration(seconds) == text)
    }
}
