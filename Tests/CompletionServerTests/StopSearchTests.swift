import SeededRandomness
import Testing

@testable import CompletionServer

@Suite struct StopSearchTests {
    /// What stands before the stop text that is complete first, by trying every place.
    private func expected(_ bytes: [UInt8], _ stops: [String]) -> (told: [UInt8], isFound: Bool) {
        for end in bytes.indices.map({ $0 + 1 }) {
            let complete = stops.map { Array($0.utf8) }.filter { bytes[..<end].hasSuffix($0) }
            if let longest = complete.map(\.count).max() {
                return (Array(bytes[..<(end - longest)]), true)
            }
        }
        return (bytes, false)
    }

    /// Whatever the texts and however they are cut: over two letters every border case occurs.
    @Test func findsWhatTryingEveryPlaceFindsHoweverBytesAreCut() {
        var random = SplitMix64(seed: 3)
        func word(_ lengths: ClosedRange<Int>) -> String {
            String(
                (0..<Int.random(in: lengths, using: &random)).map { _ in
                    Bool.random(using: &random) ? "a" : "b"
                }
            )
        }
        var foundCount = 0
        for _ in 0..<3_000 {
            let stops = (0..<Int.random(in: 0...3, using: &random)).map { _ in word(1...6) }
            let bytes = Array(word(0...24).utf8)
            let expected = expected(bytes, stops)
            var search = StopSearch(stops)
            var told: [UInt8] = []
            var place = 0
            while place < bytes.count {
                let end = min(bytes.count, place + Int.random(in: 1...5, using: &random))
                told += search.append(Array(bytes[place..<end]))
                place = end
                #expect(expected.told.starts(with: told), "\(stops)")
                // Held back is as little as can be.
                let open = longestBeginning(of: stops, ending: bytes[..<end])
                if !search.isFound { #expect(told.count == end - open, "\(stops)") }
            }
            told += search.end()
            #expect(told == expected.told && search.isFound == expected.isFound, "\(stops)")
            foundCount += expected.isFound ? 1 : 0
        }
        #expect((500...2_500).contains(foundCount))
    }

    private func longestBeginning(of stops: [String], ending bytes: ArraySlice<UInt8>) -> Int {
        stops.flatMap { stop in
            (1..<max(2, stop.utf8.count)).filter {
                $0 < stop.utf8.count && bytes.hasSuffix(Array(stop.utf8.prefix($0)))
            }
        }.max() ?? 0
    }

    /// A long run of a stop text's first letter takes time by its length, not by its square.
    @Test(.timeLimit(.minutes(1))) func aStopTextOfManyEqualLettersCostsNoMoreThanAnother() {
        var search = StopSearch([String(repeating: "a", count: 100_000) + "b"])
        let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(search.append(bytes).count == 900_000)
        #expect(search.append([UInt8(ascii: "c")]).count == 100_001)
    }
}

extension ArraySlice<UInt8> {
    fileprivate func hasSuffix(_ end: [UInt8]) -> Bool { suffix(end.count).elementsEqual(end) }
}
