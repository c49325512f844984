import Foundation
import Kernels
import Testing

@testable import DifferentialPrivacy

@Suite struct StepKeyTests {
    private static func firstBlock(_ key: StepKey, _ purpose: RandomnessPurpose) -> [UInt8] {
        [UInt8](key.stream(for: purpose).bytes(fromBlock: 0, count: 1))
    }

    private static func key(
        seed: UInt64 = 1,
        run: String = "run",
        label: String = "step 3",
        state: String = "s",
        environment: String = "e"
    ) -> StepKey {
        StepKey(
            secret: .insecure(seed: seed),
            inputs: StepInputs(
                runIdentifier: run,
                label: label,
                state: RuntimeFixtures.digest(state),
                environment: RuntimeFixtures.digest(environment)
            )
        )
    }

    @Test func equalInputsGiveEqualRandomness() {
        let first = Self.key()
        let second = Self.key()
        #expect(first.digest == second.digest)
        for purpose in RandomnessPurpose.allCases {
            #expect(Self.firstBlock(first, purpose) == Self.firstBlock(second, purpose))
        }
    }

    @Test func anyDifferenceGivesFreshRandomnessForEveryPurpose() {
        let keys = [
            Self.key(), Self.key(seed: 2), Self.key(run: "run2"), Self.key(label: "step 4"),
            Self.key(label: "release step 3"), Self.key(state: "t"), Self.key(environment: "f"),
            // The same characters, cut elsewhere.
            Self.key(run: "runs", label: "tep 3"), Self.key(state: "e", environment: "s"),
        ]
        var blocks: Set<[UInt8]> = []
        for key in keys {
            for purpose in RandomnessPurpose.allCases {
                blocks.insert(Self.firstBlock(key, purpose))
            }
        }
        #expect(blocks.count == keys.count * RandomnessPurpose.allCases.count)
        #expect(Set(keys.map(\.digest)).count == keys.count)
    }

    @Test func secretsOfTheSystemDiffer() {
        let keys = (0..<100).map { _ in RuntimeFixtures.key(secret: .fromSystem()).digest }
        #expect(Set(keys).count == 100)
        #expect(Set((0..<100).map { _ in RunSecret.fromSystem().makeRunIdentifier() }).count == 100)
    }

    @Test func aSecretSurvivesItsFile() throws {
        for secret in [RunSecret.fromSystem(), .insecure(seed: 3)] {
            let read = try RunSecret(fileContents: secret.fileContents, path: "secret")
            #expect(read.isInsecure == secret.isInsecure)
            #expect(
                RuntimeFixtures.key(secret: read).digest
                    == RuntimeFixtures.key(secret: secret).digest
            )
        }
    }

    @Test(arguments: [
        "", "dpscribe-run-secret-1 system \n", "dpscribe-run-secret-2 system 00\n",
        "dpscribe-run-secret-1 system " + String(repeating: "0", count: 64),
        "dpscribe-run-secret-1 other " + String(repeating: "0", count: 64) + "\n",
        "dpscribe-run-secret-1 system " + String(repeating: "g", count: 64) + "\n",
        "dpscribe-run-secret-1 system " + String(repeating: "0", count: 62) + "\n",
    ])
    func aDamagedSecretIsRefused(_ text: String) {
        #expect(throws: LedgerError.unusableSecret(path: "p", reason: "it is not a run secret")) {
            try RunSecret(fileContents: Array(text.utf8), path: "p")
        }
    }

    @Test func theStateDigestDoesNotDependOnThreadsAndSeesEveryBit() {
        let count = 3 * StateDigest.pieceLength + 17
        let buffer = FloatBuffer(count: count)
        for index in 0..<count { buffer[index] = Float(index) }
        let other = FloatBuffer([1, 2, 3])
        let digest = StateDigest(
            secret: RuntimeFixtures.secret,
            parallel: ParallelFor(threadCount: 1)
        )([buffer, other])
        for threads in [2, 4] {
            #expect(
                StateDigest(
                    secret: RuntimeFixtures.secret,
                    parallel: ParallelFor(threadCount: threads)
                )([buffer, other]) == digest
            )
        }
        let digester = StateDigest(
            secret: RuntimeFixtures.secret,
            parallel: ParallelFor(threadCount: 2)
        )
        #expect(digester([other, buffer]) != digest)
        for index in [0, StateDigest.pieceLength, count - 1] {
            let old = buffer[index]
            buffer[index] = Float(bitPattern: old.bitPattern ^ 1)
            #expect(digester([buffer, other]) != digest)
            buffer[index] = old
        }
        #expect(digester([buffer, other]) == digest)
        let elsewhere = StateDigest(
            secret: .insecure(seed: 8),
            parallel: ParallelFor(threadCount: 2)
        )
        #expect(elsewhere([buffer, other]) != digest)
    }

    @Test func fieldsCannotRunIntoEachOther() {
        let first = ContentDigest(domain: "d", fields: [("a", [1, 2]), ("b", [3])])
        let second = ContentDigest(domain: "d", fields: [("a", [1]), ("b", [2, 3])])
        let third = ContentDigest(domain: "d", fields: [("a", [1, 2]), ("b", []), ("", [3])])
        #expect(Set([first, second, third]).count == 3)
    }
}
