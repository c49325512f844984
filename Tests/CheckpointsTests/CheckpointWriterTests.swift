import Autograd
import Foundation
import Kernels
import Testing

@testable import Checkpoints

@Suite struct CheckpointWriterTests {
    @Test func readsBackWhatItWrote() throws {
        let folder = try TemporaryFolder()
        let path = try CheckpointWriter(folder: folder.path).write(
            TinyCheckpoint.header(400),
            TinyCheckpoint.sections(400)
        )
        #expect(path.hasSuffix("/step-000400.h5"))
        #expect(folder.names == ["step-000400.h5", "step-000400.h5.sha256"])
        try TinyCheckpoint.expectValid(CheckpointReader(path: path), step: 400)
        for name in folder.names {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: folder.path + "/" + name
            )
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
    }

    @Test func equalContentsAreEqualBytes() throws {
        let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
        let paths = try [first, second].map {
            try CheckpointWriter(folder: $0.path).write(
                TinyCheckpoint.header(1),
                TinyCheckpoint.sections(1)
            )
        }
        #expect(try FileDigest(of: paths[0]) == FileDigest(of: paths[1]))
    }

    @Test func keepsTheLastTwoGenerations() throws {
        let folder = try TemporaryFolder()
        let writer = try CheckpointWriter(folder: folder.path)
        for step in [9, 10, 99, 100] {
            _ = try writer.write(TinyCheckpoint.header(step), TinyCheckpoint.sections(step))
        }
        #expect(
            folder.names == [
                "step-000099.h5", "step-000099.h5.sha256", "step-000100.h5",
                "step-000100.h5.sha256",
            ]
        )
    }

    @Test func aDamagedFileIsPassedOverAndReported() throws {
        let folder = try TemporaryFolder()
        let writer = try CheckpointWriter(folder: folder.path)
        _ = try writer.write(TinyCheckpoint.header(1), TinyCheckpoint.sections(1))
        let newest = try writer.write(TinyCheckpoint.header(2), TinyCheckpoint.sections(2))
        let good = try TemporaryFolder.bytes(newest)
        for position in stride(from: 0, to: good.count, by: 397) {
            var bytes = good
            bytes[position] ^= 1 << UInt8(position % 8)
            _ = try folder.write(bytes, to: "step-000002.h5")
            let (reader, damaged) = try CheckpointReader.openNewest(in: folder.path)
            #expect(reader.header.step == 1 && damaged.count == 1, "bit at \(position)")
        }
        for length in stride(from: 0, to: good.count, by: 997) {
            _ = try folder.write(Array(good[..<length]), to: "step-000002.h5")
            #expect(try CheckpointReader.openNewest(in: folder.path).reader.header.step == 1)
        }
    }

    /// 1,000 flips of a bit and 1,000 truncations, at places spread over the file.
    @Test func everyDamageIsFoundBeforeTheFileIsRead() throws {
        let folder = try TemporaryFolder()
        let path = try CheckpointWriter(folder: folder.path).write(
            TinyCheckpoint.header(1),
            TinyCheckpoint.sections(1)
        )
        let good = try TemporaryFolder.bytes(path)
        var missed = 0
        func isFound(_ bytes: [UInt8]) throws -> Bool {
            _ = try folder.write(bytes, to: "step-000001.h5")
            do {
                _ = try CheckpointReader(path: path)
                return false
            } catch CheckpointError.digest { return true }
        }
        for number in 0..<1000 {
            var flipped = good
            // A prime, so that all places and bits have their turn.
            flipped[number * 7919 % good.count] ^= 1 << UInt8(number % 8)
            if try !isFound(flipped) { missed += 1 }
            if try !isFound(Array(good[..<(number * good.count / 1000)])) { missed += 1 }
        }
        #expect(missed == 0)
        _ = try folder.write(good, to: "step-000001.h5")
        try TinyCheckpoint.expectValid(CheckpointReader(path: path), step: 1)
    }

    @Test func aFileWithoutItsSidecarIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = try CheckpointWriter(folder: folder.path).write(
            TinyCheckpoint.header(1),
            TinyCheckpoint.sections(1)
        )
        try FileManager.default.removeItem(atPath: path + ".sha256")
        let error = #expect(throws: CheckpointError.self) { _ = try CheckpointReader(path: path) }
        #expect(error?.description.contains("there is no step-000001.h5.sha256") == true)
        #expect(throws: CheckpointError.self) {
            _ = try CheckpointReader.openNewest(in: folder.path)
        }
    }

    @Test func aSectionOfAnotherShapeIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = try CheckpointWriter(folder: folder.path).write(
            TinyCheckpoint.header(1),
            TinyCheckpoint.sections(1)
        )
        let reader = try CheckpointReader(path: path)
        let other = ParameterLayout([(name: "wte.weight", shape: [11, 8])])
        #expect(throws: CheckpointError.self) {
            try reader.read(.firstMoment, into: FloatBuffer(count: other.count), layout: other)
        }
        #expect(throws: CheckpointError.self) {
            try reader.read(.adapters, into: FloatBuffer(count: other.count), layout: other)
        }
    }

    @Test func aMissingFolderIsNamed() {
        #expect(throws: CheckpointError.noSuchFile(path: "/nowhere/at/all")) {
            _ = try CheckpointWriter(folder: "/nowhere/at/all")
        }
    }
}
