import Cryptography
import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct KeyStreamTests {
    /// NIST SP 800-38A, F.5.5: the counter f0f1…ff is lane f0…f7, block f8…ff.
    @Test func agreesWithThePublishedAESCounterModeVectors() throws {
        let key = try #require(
            [UInt8](
                hexadecimal: "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
            )
        )
        let plain = try #require(
            [UInt8](
                hexadecimal: "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                    + "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
            )
        )
        let stream = KeyStream(key: SecretKey(key), lane: 0xf0f1_f2f3_f4f5_f6f7)
        let cipher = stream.bytes(fromBlock: 0xf8f9_fafb_fcfd_feff, masking: plain)
        #expect(
            [UInt8](cipher).hexadecimal
                == "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
                + "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6"
        )
    }

    @Test func anyPartCanBeHadWithoutWhatComesBefore() {
        let stream = RuntimeFixtures.key().stream(for: .noise)
        let whole = [UInt8](stream.bytes(fromBlock: 0, count: 1000))
        for first in [0, 1, 255, 256, 999] {
            let rest = [UInt8](stream.bytes(fromBlock: UInt64(first), count: 1000 - first))
            #expect(rest == Array(whole[(16 * first)...]))
        }
    }

    @Test func noBlockRepeatsOverStepsPurposesAndLanes() {
        var seen: Set<[UInt8]> = []
        var count = 0
        for step in 0..<40 {
            for purpose in RandomnessPurpose.allCases {
                for lane in 0..<4 {
                    let stream = RuntimeFixtures.key("step \(step)")
                        .stream(for: purpose, lane: UInt64(lane))
                    let bytes = [UInt8](stream.bytes(fromBlock: 0, count: 128))
                    for block in stride(from: 0, to: bytes.count, by: 16) {
                        seen.insert(Array(bytes[block..<block + 16]))
                        count += 1
                    }
                }
            }
        }
        #expect(count == 102_400)
        #expect(seen.count == count)
    }

    @Test func theGeneratorGivesTheStreamsWordsInOrder() {
        let stream = RuntimeFixtures.key().stream(for: .decoding)
        var generator = KeyStreamGenerator(stream, bufferedBlocks: 3)
        let bytes = [UInt8](stream.bytes(fromBlock: 0, count: 10))
        for word in 0..<20 {
            let expected = (0..<8).reduce(UInt64(0)) {
                $0 | UInt64(bytes[8 * word + $1]) << (8 * $1)
            }
            #expect(generator.next() == expected)
        }
    }
}
