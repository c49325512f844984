import Autograd
import Kernels
import LanguageModel
import Testing

@testable import Checkpoints

/// Our own reader and writer of HDF5 against libhdf5.
@Suite struct HDF5ReaderTests {
    /// A model whose every number is another one.
    private static func parameters(layers: Int) -> DecoderParameters {
        let parameters = DecoderParameters(
            zeros: DecoderConfiguration(
                vocabularySize: 5,
                contextLength: 3,
                width: 4,
                layerCount: layers,
                headCount: 2
            )
        )
        for entry in parameters.layout.entries {
            for place in entry.range { parameters.values[place] = Float(place) }
        }
        return parameters
    }

    private static func header(_ parameters: DecoderParameters) -> CheckpointHeader {
        CheckpointHeader(
            step: 7,
            configuration: parameters.configuration,
            state: #"{"é":1}"#,
            productVersion: "1"
        )
    }

    /// 16, 28, 76 and 292 tensors: one block of a heap, several, a B-tree of two levels.
    @Test(arguments: [1, 2, 6, 24])
    func readsWhatTheReferenceWrites(layers: Int) throws {
        let parameters = Self.parameters(layers: layers)
        let header = Self.header(parameters)
        let folder = try TemporaryFolder()
        let path = folder.path + "/model.h5"
        let file = try ReferenceHDF5File(writing: path)
        try file.writeAttribute("format", CheckpointSchema.format)
        try file.writeAttribute("format_version", CheckpointSchema.formatVersion)
        try file.writeAttribute("product_version", header.productVersion)
        try file.writeAttribute("step", header.step)
        try file.writeAttribute("configuration", header.configuration.huggingFaceJSON())
        try file.writeAttribute("state", header.state)
        try file.createGroup("parameters")
        for entry in parameters.layout.entries {
            try file.writeDataset("parameters/" + entry.name, shape: entry.shape) { range in
                parameters.values.values(
                    entry.offset + range.lowerBound..<entry.offset + range.upperBound
                )
            }
        }
        try file.close()
        let reader = try CheckpointReader(verifying: path)
        #expect(reader.header == header)
        let read = DecoderParameters(zeros: header.configuration)
        try reader.read(.parameters, into: read.values, layout: read.layout)
        let count = read.values.count
        #expect(read.values.values(0..<count) == parameters.values.values(0..<count))
    }

    @Test(arguments: [1, 2, 6, 24])
    func theReferenceReadsWhatIsWritten(layers: Int) throws {
        let parameters = Self.parameters(layers: layers)
        let header = Self.header(parameters)
        let folder = try TemporaryFolder()
        let sections: [CheckpointSchema.Section] = [.parameters, .secondMoment]
        let path = try CheckpointWriter(folder: folder.path).write(
            header,
            sections.map { CheckpointSection($0, parameters.layout, parameters.values) }
        )
        let file = try ReferenceHDF5File(reading: path)
        // Tools that list attributes trust this count.
        #expect(try file.attributeCount() == 6)
        #expect(try file.text("format") == CheckpointSchema.format)
        #expect(try file.integer("format_version") == CheckpointSchema.formatVersion)
        #expect(try file.text("product_version") == header.productVersion)
        #expect(try file.integer("step") == header.step)
        #expect(try file.text("configuration") == header.configuration.huggingFaceJSON())
        #expect(try file.text("state") == header.state)
        for section in sections {
            for entry in parameters.layout.entries {
                let name = section.rawValue + "/" + entry.name
                let values = try file.values(name, count: entry.count)
                #expect(values == parameters.values.values(entry.range), "\(name)")
            }
        }
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
        let parameters = DecoderParameters(zeros: reader.header.configuration)
        try reader.read(.parameters, into: parameters.values, layout: parameters.layout)
        return parameters.values.values(0..<parameters.values.count)
    }
}
