import Cryptography
import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct LedgerFileTests {
    /// A ledger of a header, two steps and a release, line by line.
    private static func lines() throws -> [[UInt8]] {
        let plan = try RuntimeFixtures.plan()
        var chain = LedgerChain()
        var entries = [LedgerEntry.header(RuntimeFixtures.header(plan))]
        for step in 0..<2 {
            entries.append(
                .step(
                    .init(
                        step: step,
                        samplingProbability: 0.01,
                        noiseMultiplier: 1,
                        maxGradNorm: 1,
                        key: RuntimeFixtures.digest("key \(step)")
                    )
                )
            )
        }
        entries.append(
            .release(
                .init(
                    name: "label-counts",
                    event: .gaussian(noiseMultiplier: 0.1 + 0.2),
                    key: RuntimeFixtures.digest("counts")
                )
            )
        )
        return try entries.map { entry in
            let (line, next) = try chain.appending(entry)
            chain = next
            return line + [UInt8(ascii: "\n")]
        }
    }

    private static func read(_ bytes: some Sequence<UInt8>) throws -> LedgerFile {
        try LedgerFile(Array(bytes), path: "ledger")
    }

    @Test func whatWasWrittenIsRead() throws {
        let lines = try Self.lines()
        let file = try Self.read(lines.joined())
        #expect(file.record.header == RuntimeFixtures.header(try RuntimeFixtures.plan()))
        #expect(file.record.position.entries == 4)
        #expect(file.record.lastStep == 1)
        #expect(!file.record.isFinished && !file.lacksLineFeed)
        let step = try RuntimeFixtures.plan().stepEvent
        #expect(
            file.record.spending.event
                == .composed([.repeated(step, count: 2), .gaussian(noiseMultiplier: 0.1 + 0.2)])
        )
    }

    /// The chain as its documentation states it, without the code under test.
    @Test func anyoneCanCheckTheChain() throws {
        var previous = [UInt8](repeating: 0, count: 32)
        for line in try Self.lines() {
            let text = String(decoding: line, as: UTF8.self)
            let hash = text.dropFirst(9).prefix(64)
            let entry = text.dropFirst(9 + 64 + 10).dropLast(2)
            let message = Array("dpscribe-ledger/1".utf8) + previous + Array(entry.utf8)
            previous = SHA256.hash(message)
            #expect(previous.hexadecimal == hash)
            #expect((try JSONSerialization.jsonObject(with: Data(line))) is [String: Any])
        }
    }

    @Test func aLedgerCutAnywhereLosesNoWholeLineAndDoesNotCoverItsCheckpoint() throws {
        let lines = try Self.lines()
        let bytes = Array(lines.joined())
        let end = try Self.read(bytes).record.position
        let header = lines[0].count
        for length in 0..<bytes.count {
            let cut = bytes.prefix(length)
            guard length >= header - 1 else {
                #expect(throws: LedgerError.self) { try Self.read(cut) }
                continue
            }
            guard length >= header else { continue }
            let file = try Self.read(cut)
            let whole = cut.count { $0 == UInt8(ascii: "\n") }
            let lacksOnlyLineFeed = bytes[length] == UInt8(ascii: "\n")
            #expect(file.record.position.entries == whole + (lacksOnlyLineFeed ? 1 : 0))
            #expect(file.lacksLineFeed == lacksOnlyLineFeed)
            #expect(file.record.covers(end) == (length == bytes.count - 1))
        }
    }

    @Test func everyFlippedBitIsFound() throws {
        let bytes = Array(try Self.lines().joined())
        for index in bytes.indices {
            let isStructure = !(0x30...0x7a).contains(bytes[index])
            for bit in isStructure ? 0..<8 : index % 8..<index % 8 + 1 {
                var flipped = bytes
                flipped[index] ^= 1 << bit
                #expect(throws: LedgerError.self, "byte \(index), bit \(bit)") {
                    try Self.read(flipped)
                }
            }
        }
    }

    @Test func editedLinesAreFound() throws {
        let lines = try Self.lines()
        let edited = [
            [lines[0], lines[2], lines[1], lines[3]], [lines[0], lines[1], lines[3]],
            [lines[1], lines[2], lines[3]], lines + [lines[3]], lines + [lines[0]],
            [lines[0], lines[0]], [lines[0], [UInt8(ascii: "\n")], lines[1]],
        ]
        for lines in edited {
            #expect(throws: LedgerError.self) { try Self.read(lines.joined()) }
        }
        #expect(throws: LedgerError.broken(path: "ledger", line: 1, reason: "there is no header")) {
            try Self.read([])
        }
    }

    @Test func nothingFollowsACompletion() throws {
        var record = try Self.read(Self.lines().joined()).record
        for (entry, isAllowed) in [
            (LedgerEntry.completion(steps: 2), true), (.completion(steps: 2), false),
        ] {
            let (_, chain) = try record.chain.appending(entry)
            if isAllowed {
                try record.append(entry, chain: chain)
            } else {
                #expect(throws: LedgerChain.Break.self) { try record.append(entry, chain: chain) }
            }
        }
        #expect(record.isFinished)
    }
}
