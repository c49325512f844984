import Foundation
import Kernels
import LanguageModel
import Testing

@testable import Checkpoints

/// Weights as trainers leave them: in several files, in double precision, under wrappers' names.
@Suite struct ShardedWeightsTests {
    /// Part of a safetensors file.
    private struct Part {
        let name: String
        let type: String
        let shape: [Int]
        let bytes: [UInt8]
    }

    private static let plain = TemporaryFolder.fixture("HuggingFace/plain")

    private func values(_ folder: String) throws -> [Float] {
        let parameters = try ModelFolder(path: folder).loadParameters()
        return parameters.values.values(0..<parameters.values.count)
    }

    private func values(_ folder: TemporaryFolder) throws -> [Float] {
        try withExtendedLifetime(folder) { try values(folder.path) }
    }

    /// The tensors of the fixture.
    private func parts() throws -> [Part] {
        let path = Self.plain + "/model.safetensors"
        let header = try SafetensorsReader(path: path).header
        let bytes = try TemporaryFolder.bytes(path)
        let start = bytes.count - (header.tensors.last?.bytes.upperBound ?? 0)
        return header.tensors.map {
            Part(
                name: $0.name,
                type: $0.elementType.rawValue,
                shape: $0.shape,
                bytes: Array(bytes[start + $0.bytes.lowerBound..<start + $0.bytes.upperBound])
            )
        }
    }

    private func file(_ parts: [Part]) -> [UInt8] {
        var offset = 0
        let members = parts.map { part in
            defer { offset += part.bytes.count }
            return "\"\(part.name)\":{\"dtype\":\"\(part.type)\",\"shape\":\(part.shape),"
                + "\"data_offsets\":[\(offset),\(offset + part.bytes.count)]}"
        }
        let header = Array("{\(members.joined(separator: ","))}".utf8)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        return length + header + parts.flatMap(\.bytes)
    }

    private func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        _ = try folder.write(TemporaryFolder.bytes(Self.plain + "/config.json"), to: "config.json")
        return folder
    }

    private func map(_ parts: [Part], to file: String) -> [String] {
        parts.map { "\"\($0.name)\": \"\(file)\"" }
    }

    private func index(_ members: [String], size: String) -> [UInt8] {
        let map = members.joined(separator: ",\n")
        return Array(
            "{\"metadata\": {\"total_size\": \(size)},\n\"weight_map\": {\(map)}}\n".utf8
        )
    }

    /// The fixture in two files, with an index that `change` may spoil.
    private func shards(
        change: (inout String) -> Void = { _ in },
        second: ([Part]) -> [Part] = { $0 }
    ) throws -> TemporaryFolder {
        let (folder, all) = (try folder(), try parts())
        let (a, b) = (Array(all[..<9]), Array(all[9...]))
        _ = try folder.write(file(a), to: "model-00001-of-00002.safetensors")
        _ = try folder.write(file(second(b)), to: "model-00002-of-00002.safetensors")
        let size = all.reduce(0) { $0 + $1.bytes.count }
        var text = String(
            decoding: index(
                map(a, to: "model-00001-of-00002.safetensors")
                    + map(b, to: "model-00002-of-00002.safetensors"),
                size: "\(size)"
            ),
            as: UTF8.self
        )
        change(&text)
        _ = try folder.write(Array(text.utf8), to: SafetensorsIndex.name)
        return folder
    }

    private func expectRefusal(of folder: TemporaryFolder, saying message: String) {
        let error = #expect(throws: CheckpointError.self) { try values(folder) }
        #expect(error?.description.contains(message) == true, "\(String(describing: error))")
    }

    @Test func twoFilesGiveTheSameParameters() throws {
        #expect(try values(shards()) == values(Self.plain))
    }

    @Test func aSizeMayBeAFloatingPointNumberOrMissing() throws {
        let size = try parts().reduce(0) { $0 + $1.bytes.count }
        let float = try shards { $0 = $0.replacing("\(size)}", with: "\(size).0, \"x\": \"y\"}") }
        #expect(try values(float) == values(Self.plain))
        let none = try shards { $0 = $0.replacing("\"total_size\": \(size)", with: "") }
        #expect(try values(none) == values(Self.plain))
    }

    @Test(arguments: [
        (
            "model-00002-of-00002", "../model-00002-of-00002",
            "no .safetensors file of the same folder"
        ),
        ("model-00002-of-00002", "/etc/model", "no .safetensors file of the same folder"),
        ("model-00002-of-00002", "a/b", "no .safetensors file of the same folder"),
        ("model-00002-of-00002", ".hidden", "no .safetensors file of the same folder"),
        ("model-00002-of-00002.safetensors", "config.json", "no .safetensors file of the same"),
        ("model-00002-of-00002", "a\\u001b[2J", "names a?[2J.safetensors"),
        ("model-00002-of-00002", "other", "no such file"),
        ("\"transformer.ln_f.bias\"", "\"transformer.ln_f.weight\"", "twice"),
        ("\"transformer.ln_f.bias\"", "\"other\"", "other does not lie in model-0000"),
        ("\"total_size\": ", "\"total_size\": 1", "it says that the tensors have 1"),
        ("\"total_size\": ", "\"total_size\": -", "total_size"),
        ("\"weight_map\"", "\"weights\"", "expected metadata or weight_map"),
        ("{\"metadata\"", "[\"metadata\"", "it is no index"),
    ])
    func anIndexThatLiesIsRefused(part: String, other: String, message: String) throws {
        let folder = try shards { text in
            #expect(text.contains(part))
            text = text.replacing(part, with: other)
        }
        expectRefusal(of: folder, saying: message)
    }

    @Test func aTensorInTwoFilesOrInNoneIsRefused() throws {
        let first = try parts()[0]
        expectRefusal(
            of: try shards(second: { $0 + [first] }),
            saying: "lies in model-00002-of-00002.safetensors, but the index does not say so"
        )
        expectRefusal(
            of: try shards(second: { Array($0.dropLast()) }),
            saying: "does not lie in model-00002-of-00002.safetensors, as the index says"
        )
        // Both names are in the index, but they are one tensor.
        let bare = "wte.weight"
        let found = try #require(parts().first { $0.name.hasSuffix(bare) })
        let copy = Part(name: bare, type: found.type, shape: found.shape, bytes: found.bytes)
        let twice = try shards { text in
            text = text.replacing(
                "\"weight_map\": {",
                with: "\"weight_map\": {\"\(bare)\": \"model-00002-of-00002.safetensors\",\n"
            )
            text = text.replacing("\"total_size\": ", with: "\"other\": ")
        } second: {
            $0 + [copy]
        }
        expectRefusal(of: twice, saying: "is there twice")
    }

    @Test func linksMayLeadIntoTheCacheOfTheModelAlone() throws {
        let outside = try shards()
        let name = "model-00001-of-00002.safetensors"
        let elsewhere = try TemporaryFolder()
        let files = FileManager.default
        try files.moveItem(atPath: outside.path + "/" + name, toPath: elsewhere.path + "/" + name)
        try files.createSymbolicLink(
            atPath: outside.path + "/" + name,
            withDestinationPath: elsewhere.path + "/" + name
        )
        expectRefusal(of: outside, saying: "is a link that leads out of the folder")

        let cache = try TemporaryFolder()
        let snapshot = cache.path + "/snapshots/abc"
        try files.createDirectory(atPath: snapshot, withIntermediateDirectories: true)
        try files.createDirectory(
            atPath: cache.path + "/blobs",
            withIntermediateDirectories: true
        )
        let source = try shards()
        for (number, name) in source.names.enumerated() {
            let blob = cache.path + "/blobs/\(number)"
            try files.copyItem(atPath: source.path + "/" + name, toPath: blob)
            try files.createSymbolicLink(
                atPath: snapshot + "/" + name,
                withDestinationPath: "../../blobs/\(number)"
            )
        }
        #expect(try values(snapshot) == values(Self.plain))
    }

    @Test(arguments: ["module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."])
    func wrappersMayNameTheTensors(prefix: String) throws {
        let folder = try folder()
        let renamed = try parts().map {
            Part(name: prefix + $0.name, type: $0.type, shape: $0.shape, bytes: $0.bytes)
        }
        _ = try folder.write(file(renamed), to: "model.safetensors")
        #expect(try values(folder) == values(Self.plain))
    }

    /// The fixture in double precision, moved by less than half a step of single precision.
    private func doubles(_ change: (Double) -> Double) throws -> TemporaryFolder {
        let folder = try folder()
        let wide = try parts().map { part in
            let floats = stride(from: 0, to: part.bytes.count, by: 4).map { start in
                let bits = (0..<4).reduce(UInt32(0)) {
                    $0 | UInt32(part.bytes[start + $1]) << (8 * $1)
                }
                return Float(bitPattern: bits)
            }
            let bytes = floats.flatMap { value in
                let bits = change(Double(value)).bitPattern
                return (0..<8).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
            }
            return Part(name: part.name, type: "F64", shape: part.shape, bytes: bytes)
        }
        _ = try folder.write(file(wide), to: "model.safetensors")
        return folder
    }

    @Test func doublePrecisionIsRounded() throws {
        #expect(try values(doubles { $0 * (1 + 0x1p-26) }) == values(Self.plain))
        let huge = try doubles { $0 * 1e39 }
        expectRefusal(of: huge, saying: "not finite in single precision")
    }
}
