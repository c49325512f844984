import TestData
import Testing

@testable import Corpus

@Suite struct UserGroupingTests {
    /// A stand-in for HMAC: mixes key and message, 8 bytes.
    private func keyed(_ key: UInt64) -> ([UInt8]) -> [UInt8] {
        { message in
            var generator = SeededGenerator(
                seed: message.reduce(key) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
            )
            let hash = generator.next()
            return (0..<8).map { UInt8(truncatingIfNeeded: hash >> (56 - 8 * UInt64($0))) }
        }
    }

    private func records(_ count: Int, users: Int) -> [Record] {
        (0..<count).map {
            Record(
                number: $0 + 1,
                text: Array("text \($0)".utf8),
                user: Array("u\($0 % users)".utf8)
            )
        }
    }

    private func texts(_ grouping: UserGrouping, _ records: [Record]) -> [[[UInt8]]] {
        grouping.units.map { unit in unit.map { records[$0].text } }
    }

    @Test func eachUserHasAtMostKOfTheirOwnRecords() {
        let records = records(103, users: 10)
        let grouping = UserGrouping(records: records, maximumRecords: 4, keyedHash: keyed(1))
        #expect(grouping.units.count == 10)
        for unit in grouping.units {
            #expect(unit.count == 4)
            #expect(Set(unit).count == 4)
            #expect(Set(unit.map { records[$0].user }).count == 1)
        }
        let all = UserGrouping(records: records, maximumRecords: 100, keyedHash: keyed(1))
        #expect(all.units.flatMap { $0 }.sorted() == Array(0..<103))
    }

    @Test func anotherUserChangesNothing() {
        let before = records(100, users: 10)
        let added = (0..<20).map {
            Record(number: 0, text: Array("new \($0)".utf8), user: Array("z".utf8))
        }
        let after = added + before
        let old = UserGrouping(records: before, maximumRecords: 3, keyedHash: keyed(5))
        let new = UserGrouping(records: after, maximumRecords: 3, keyedHash: keyed(5))
        #expect(texts(old, before) == Array(texts(new, after).dropFirst()))
    }

    @Test func theKeyDecidesTheChoice() {
        let records = records(100, users: 5)
        let one = UserGrouping(records: records, maximumRecords: 3, keyedHash: keyed(1))
        #expect(one == UserGrouping(records: records, maximumRecords: 3, keyedHash: keyed(1)))
        #expect(one != UserGrouping(records: records, maximumRecords: 3, keyedHash: keyed(2)))
    }

    @Test func equalRecordsOfAUserAreCountedApart() {
        let records = (0..<5).map { Record(number: $0, text: [0x61], user: [0x75]) }
        let grouping = UserGrouping(records: records, maximumRecords: 5, keyedHash: keyed(1))
        #expect(grouping.units[0].sorted() == [0, 1, 2, 3, 4])
    }
}
