import Autograd
import Foundation
import Kernels
import LanguageModel
import Synchronization
import Testing

@testable import Checkpoints

@Suite struct CheckpointWriterTests {
    private static let configuration = GPT2Configuration(
        vocabularySize: 11,
        contextLength: 6,
        width: 8,
        layerCount: 1,
        headCount: 2
    )

    private static func header(_ step: Int) -> CheckpointHeader {
        CheckpointHeader(
            step: step,
            configuration: configuration,
            state: #"{"learning_rate":0.001}"#,
            productVersion: "1.0.0"
        )
    }

    /// Parameters and both moments, different in every element and step.
    private static func sections(_ step: Int) -> [CheckpointSection] {
        let layout = GPT2Parameters.layout(of: configuration)
        let kinds: [CheckpointSchema.Section] = [.parameters, .firstMoment, .secondMoment]
        return kinds.enumerated().map { index, section in
            let values = FloatBuffer(count: layout.count)
            for entry in layout.entries {
                for place in entry.range {
                    values[place] = Float(place) * 0.37 + Float(step) + Float(index) * 1000
                }
            }
            return CheckpointSection(section, layout, values)
        }
    }

    private static func expectValid(_ reader: CheckpointReader, step: Int) throws {
        #expect(reader.header == header(step))
        for section in sections(step) {
            let read = FloatBuffer(count: section.layout.count)
            try reader.read(section.section, into: read, layout: section.layout)
            #expect(read.values(0..<read.count) == section.values.values(0..<read.count))
        }
    }

    @Test func readsBackWhatItWrote() throws {
        let folder = try TemporaryFolder()
        let path = try CheckpointWriter(folder: folder.path).write(
            Self.header(400),
            Self.sections(400)
        )
        #expect(path.hasSuffix("/step-000400.h5"))
        #expect(folder.names == ["step-000400.h5", "step-000400.h5.sha256"])
        try Self.expectValid(CheckpointReader(path: path), step: 400)
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
            try CheckpointWriter(folder: $0.path).write(Self.header(1), Self.sections(1))
        }
        #expect(try FileDigest(of: paths[0]) == FileDigest(of: paths[1]))
    }

    @Test func keepsTheLastTwoGenerations() throws {
        let folder = try TemporaryFolder()
        let writer = try CheckpointWriter(folder: folder.path)
        for step in [9, 10, 99, 100] {
            _ = try writer.write(Self.header(step), Self.sections(step))
        }
        #expect(
            folder.names == [
                "step-000099.h5", "step-000099.h5.sha256", "step-000100.h5",
                "step-000100.h5.sha256",
            ]
        )
    }

    /// Fails every operation from the n-th on, as a crash or a full disk does, for every n.
    @Test func aFailureAnywhereLeavesTheNewestEarlierCheckpoint() throws {
        let failure = CheckpointError.diskFull(path: "anywhere")
        let earlier = try TemporaryFolder()
        let writer = try CheckpointWriter(folder: earlier.path)
        for step in [1, 2] { _ = try writer.write(Self.header(step), Self.sections(step)) }
        var operations = 0
        while true {
            let folder = try TemporaryFolder(copying: earlier)
            let left = Mutex(operations)
            let storage = Storage { _, _ throws(CheckpointError) in
                let mayRun = left.withLock { count in
                    count -= 1
                    return count >= 0
                }
                if !mayRun { throw failure }
            }
            let failing = try CheckpointWriter(folder: folder.path, storage: storage)
            do throws(CheckpointError) {
                _ = try failing.write(Self.header(3), Self.sections(3))
                break
            } catch {
                #expect(error == failure)
            }
            // The next start.
            _ = try CheckpointWriter(folder: folder.path)
            let newest = try CheckpointReader.openNewest(in: folder.path).reader
            try Self.expectValid(newest, step: newest.header.step)
            #expect(newest.header.step >= 2)
            let checkpoints = try CheckpointReader.checkpoints(in: folder.path)
            #expect(checkpoints.count >= 2)
            #expect(!folder.names.contains { $0.hasSuffix(".partial") })
            operations += 1
        }
        // The writes of 48 datasets, closing, and some 20 operations on files and folder.
        #expect(operations > 60)
    }

    @Test func aDamagedFileIsPassedOverAndReported() throws {
        let folder = try TemporaryFolder()
        let writer = try CheckpointWriter(folder: folder.path)
        _ = try writer.write(Self.header(1), Self.sections(1))
        let newest = try writer.write(Self.header(2), Self.sections(2))
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
            Self.header(1),
            Self.sections(1)
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
        try Self.expectValid(CheckpointReader(path: path), step: 1)
    }

    @Test func aFileWithoutItsSidecarIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = try CheckpointWriter(folder: folder.path).write(
            Self.header(1),
            Self.sections(1)
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
            Self.header(1),
            Self.sections(1)
        )
        let reader = try CheckpointReader(path: path)
        let other = ParameterLayout([(name: "wte.weight", shape: [11, 8])])
        #expect(throws: CheckpointError.self) {
            try reader.read(.firstMoment, into: FloatBuffer(count: other.count), layout: other)
        }
        #expect(throws: CheckpointError.self) {
            try reader.read(.average, into: FloatBuffer(count: other.count), layout: other)
        }
    }

    @Test func aMissingFolderIsNamed() {
        #expect(throws: CheckpointError.noSuchFile(path: "/nowhere/at/all")) {
            _ = try CheckpointWriter(folder: "/nowhere/at/all")
        }
    }
}
