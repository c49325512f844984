import Autograd
import Kernels
import LanguageModel
import Testing

@testable import Checkpoints

/// The reader without libhdf5 over what libhdf5 writes; every writer's check reads back with it.
@Suite struct HDF5ReaderTests {
    /// 16, 28, 76 and 292 tensors: one block of a heap, several, a B-tree of two levels.
    @Test(arguments: [1, 2, 6, 24])
    func readsGroupsOfEveryShape(layers: Int) throws {
        let configuration = GPT2Configuration(
            vocabularySize: 5,
            contextLength: 3,
            width: 4,
            layerCount: layers,
            headCount: 2
        )
        let parameters = GPT2Parameters(zeros: configuration)
        for entry in parameters.layout.entries {
            for place in entry.range { parameters.values[place] = Float(place) }
        }
        let folder = try TemporaryFolder()
        try ModelFolder.write(
            parameters,
            to: folder.path,
            as: .hdf5,
            endOfText: 4,
            productVersion: "1"
        )
        let read = try ModelFolder(path: folder.path).loadParameters()
        let differing = (0..<read.values.count).count { read.values[$0] != parameters.values[$0] }
        #expect(differing == 0)
    }

    /// Every byte of the metadata of a good file is checked or harmless: no flip changes a value.
    @Test func aFlippedBitIsRefusedOrChangesNothing() throws {
        let good = try TemporaryFolder.bytes(TemporaryFolder.fixture("HostileHDF5/good.h5"))
        let folder = try TemporaryFolder()
        let expected = try values(good, in: folder)
        // Values begin at byte 4096.
        for place in 0..<4096 {
            var bytes = good
            bytes[place] ^= 1 << UInt8(place % 8)
            guard let found = try? values(bytes, in: folder) else { continue }
            let isSame = found == expected
            #expect(isSame, "byte \(place)")
        }
    }

    /// Jenkins 2006, lookup3.c: driver5 states these two.
    @Test func checksumsEqualThePublishedOnes() {
        #expect(HDF5Checksum.of([]) == 0xDEAD_BEEF)
        #expect(HDF5Checksum.of(Array("Four score and seven years ago".utf8)[...]) == 0x1777_0551)
    }

    private func values(_ bytes: [UInt8], in folder: TemporaryFolder) throws -> [Float] {
        let reader = try CheckpointReader(verifying: folder.write(bytes, to: "model.h5"))
        let parameters = GPT2Parameters(zeros: reader.header.configuration)
        try reader.read(.parameters, into: parameters.values, layout: parameters.layout)
        return parameters.values.values(0..<parameters.values.count)
    }
}
