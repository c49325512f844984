import Foundation
import Kernels
import LanguageModel
import Testing

@testable import Checkpoints

/// Folders that transformers wrote (Fixtures/make_huggingface.py).
@Suite struct ModelFolderTests {
    private func load(_ name: String) throws -> DecoderParameters {
        try ModelFolder(path: TemporaryFolder.fixture("HuggingFace/" + name)).loadParameters()
    }

    private func values(_ parameters: DecoderParameters) -> [Float] {
        parameters.values.values(0..<parameters.values.count)
    }

    private func folder(
        like name: String,
        weights change: (inout [UInt8]) -> Void
    ) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let source = TemporaryFolder.fixture("HuggingFace/" + name)
        _ = try folder.write(
            TemporaryFolder.bytes(source + "/config.json"),
            to: "config.json"
        )
        var bytes = try TemporaryFolder.bytes(source + "/model.safetensors")
        change(&bytes)
        _ = try folder.write(bytes, to: "model.safetensors")
        return folder
    }

    @Test func everyNamingGivesTheSameParameters() throws {
        let plain = try values(load("plain"))
        #expect(plain.contains { $0 != 0 })
        #expect(try values(load("bare_names")) == plain)
        #expect(try values(load("with_head_and_masks")) == plain)
    }

    @Test func halfPrecisionIsRead() throws {
        let plain = try values(load("plain"))
        #expect(try values(load("half")) == plain.map { Float(Float16($0)) })
        let bfloat = try values(load("bfloat"))
        // 8 significant bits: at most 2⁻⁸ relative.
        #expect(zip(bfloat, plain).allSatisfy { abs($0 - $1) <= abs($1) * 0x1p-8 })
    }

    @Test func anUntiedHeadIsRefusedByItsValues() {
        let error = #expect(throws: CheckpointError.self) { try load("untied_head") }
        #expect(error?.description.contains("lm_head.weight differs from wte.weight") == true)
    }

    @Test func writesTheBytesOfTheReferenceImplementation() throws {
        let folder = try TemporaryFolder()
        try ModelFolder.write(
            load("plain"),
            to: folder.path,
            as: .safetensors,
            endOfText: 60,
            productVersion: "1"
        )
        let reference = TemporaryFolder.fixture("HuggingFace/bare_names/model.safetensors")
        let written = try TemporaryFolder.bytes(folder.path + "/model.safetensors")
        #expect(try written == TemporaryFolder.bytes(reference))
        #expect(folder.names == ["config.json", "model.safetensors"])
    }

    @Test(arguments: [ModelFolder.Format.safetensors, .hdf5])
    func readsBackWhatItWrote(format: ModelFolder.Format) throws {
        let folder = try TemporaryFolder()
        let parameters = try load("plain")
        try ModelFolder.write(
            parameters,
            to: folder.path,
            as: format,
            endOfText: 60,
            productVersion: "1"
        )
        let opened = try ModelFolder(path: folder.path)
        #expect(opened.configuration == parameters.configuration)
        #expect(try values(opened.loadParameters()) == values(parameters))
    }

    @Test func halfPrecisionLosesOnlyRounding() throws {
        let folder = try TemporaryFolder()
        try ModelFolder.write(
            load("plain"),
            to: folder.path,
            as: .halfPrecisionSafetensors,
            endOfText: 60,
            productVersion: "1"
        )
        let reopened = try ModelFolder(path: folder.path).loadParameters()
        #expect(try values(reopened) == values(load("half")))
    }

    @Test func valuesThatAreNotFiniteAreRefusedBothWays() throws {
        let damaged = try folder(like: "plain") { bytes in
            bytes.replaceSubrange(bytes.count - 4..<bytes.count, with: [0, 0, 0xC0, 0x7F])
        }
        let reading = #expect(throws: CheckpointError.self) {
            try ModelFolder(path: damaged.path).loadParameters()
        }
        #expect(reading?.description.contains("not finite") == true)

        let parameters = try load("plain")
        parameters.values[3] = .infinity
        let folder = try TemporaryFolder()
        #expect(throws: CheckpointError.self) {
            try ModelFolder.write(
                parameters,
                to: folder.path,
                as: .safetensors,
                endOfText: 60,
                productVersion: "1"
            )
        }
        #expect(folder.names.isEmpty)
    }

    /// Each damage with a part of its message: length word cut, length beyond limit and file, data.
    @Test(arguments: [
        (-1, 1, "leave the file"), (0, 1, "bytes"), (7, 0, "7 bytes are too few"),
        (200, 0, "but the file has 200"),
    ])
    func truncatedAndPaddedFilesAreRefused(length: Int, added: Int, message: String) throws {
        let folder = try folder(like: "plain") { bytes in
            if length > 0 { bytes = Array(bytes[..<length]) }
            if length < 0 { bytes.removeLast() }
            bytes += [UInt8](repeating: 0, count: length == 0 ? added : 0)
        }
        try expectRefusal(of: folder, saying: message)
    }

    @Test func aHeaderBeyondTheLimitIsRefusedBeforeItIsRead() throws {
        let folder = try folder(like: "plain") { $0[7] = 0x40 }
        try expectRefusal(of: folder, saying: "the limit is")
    }

    private func expectRefusal(of folder: TemporaryFolder, saying message: String) throws {
        let error = #expect(throws: CheckpointError.self) {
            try ModelFolder(path: folder.path).loadParameters()
        }
        let text = error?.description ?? ""
        #expect(text.contains(message) && text.contains("model.safetensors"), "\(text)")
    }

    /// The plain fixture with a part of its header replaced, and zeros after its data.
    private func folder(
        replacing part: String,
        with other: String,
        addedBytes: Int = 0
    ) throws -> TemporaryFolder {
        try folder(like: "plain") { bytes in
            let length = Int(bytes[0]) | Int(bytes[1]) << 8
            let header = String(decoding: bytes[8..<8 + length], as: UTF8.self)
            let changed = Array(header.replacingOccurrences(of: part, with: other).utf8)
            #expect(header.contains(part))
            let size = [UInt8(changed.count & 255), UInt8(changed.count >> 8), 0, 0, 0, 0, 0, 0]
            bytes = size + changed + bytes[(8 + length)...]
            bytes += [UInt8](repeating: 0, count: addedBytes)
        }
    }

    @Test(arguments: [
        ("transformer.h.1.ln_1.weight", "h.0.ln_1.weight", "is there twice"),
        ("transformer.ln_f.bias", "h.0.attn.masked_bias", "tensor ln_f.bias is missing"),
        (
            #"h.0.attn.c_attn.weight":{"dtype":"F32","shape":[16,48]"#,
            #"h.0.attn.c_attn.weight":{"dtype":"F32","shape":[48,16]"#,
            "has the shape [48, 16] instead of [16, 48]"
        ),
    ])
    func tensorsThatDoNotMakeThisModelAreRefused(
        part: String,
        other: String,
        message: String
    ) throws {
        try expectRefusal(of: folder(replacing: part, with: other), saying: message)
    }

    @Test func otherElementTypesAreRefused() throws {
        let type = "I64"
        let changed = try folder(
            replacing: #"{"dtype":"F32","shape":[61,16],"data_offsets":[28928,32832]"#,
            with: #"{"dtype":"\#(type)","shape":[61,16],"data_offsets":[28928,36736]"#,
            addedBytes: 3_904
        )
        try expectRefusal(
            of: changed,
            saying: "of type \(type); only F64, F32, F16 and BF16 are read"
        )
    }

    @Test func namesWhatIsMissingOrDoesNotBelong() throws {
        let renamed = try folder(like: "plain") { bytes in
            // transformer.ln_f.bias becomes transformer.ln_g.bias.
            let name = Array("ln_f.bias".utf8)
            for start in 0..<4000 where Array(bytes[start..<start + 9]) == name {
                bytes[start + 3] = UInt8(ascii: "g")
            }
        }
        let error = #expect(throws: CheckpointError.self) {
            try ModelFolder(path: renamed.path).loadParameters()
        }
        #expect(error?.description.contains("transformer.ln_g.bias is not part") == true)
    }

    @Test func foldersWithoutUsableWeightsSayWhy() throws {
        let folder = try TemporaryFolder()
        #expect(throws: CheckpointError.noSuchFile(path: folder.path + "/config.json")) {
            try ModelFolder(path: folder.path)
        }
        let config = try TemporaryFolder.bytes(
            TemporaryFolder.fixture("HuggingFace/plain/config.json")
        )
        _ = try folder.write(config, to: "config.json")
        _ = try folder.write([1], to: "pytorch_model.bin")
        let error = #expect(throws: CheckpointError.self) {
            try ModelFolder(path: folder.path).loadParameters()
        }
        #expect(error?.description.contains("pytorch_model.bin") == true)
    }
}
