import Foundation
import Kernels
import LanguageModel
import Testing

@testable import Checkpoints

/// GGUF files: blocks and a whole model against `gguf` and transformers (Fixtures/make_gguf_fixtures.py),
/// and headers that are wrong.
@Suite struct GGUFTests {
    private static func bytes(hex: String) -> [UInt8] {
        let digits = Array(hex.utf8).map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    private static let types: [(name: String, type: GGUFElementType)] = [
        ("F16", .float16), ("BF16", .bfloat16), ("Q8_0", .q8zero), ("Q4_0", .q4zero),
        ("Q4_1", .q4one), ("Q5_0", .q5zero), ("Q5_1", .q5one), ("Q4_K", .q4K), ("Q5_K", .q5K),
        ("Q6_K", .q6K),
    ]

    @Test func blocksHaveTheReferencesValues() throws {
        let data = try Data(contentsOf: URL(filePath: TemporaryFolder.fixture("gguf_blocks.json")))
        let fixture = try JSONDecoder().decode([String: [String: String]].self, from: data)
        for (name, type) in Self.types {
            let block = try #require(fixture[name])
            let values = type.values(Self.bytes(hex: try #require(block["bytes"])))
            let expected = GGUFElementType.float32.values(
                Self.bytes(hex: try #require(block["values"]))
            )
            #expect(values.count == expected.count && !values.isEmpty)
            for (value, reference) in zip(values, expected) {
                // To the bit, or to the last place where products and sums join in one operation.
                #expect(abs(value - reference) <= max(abs(reference), 1e-30).ulp, "\(name)")
            }
        }
    }

    @Test func aModelHasTheReferencesLogits() throws {
        struct Reference: Decodable {
            let tokens: [Int32]
            let logits: [Double]
        }
        let data = try Data(contentsOf: URL(filePath: TemporaryFolder.fixture("tiny_llama.json")))
        let reference = try JSONDecoder().decode(Reference.self, from: data)
        let model = try GGUFModel(path: TemporaryFolder.fixture("tiny_llama.gguf"))
        #expect(model.configuration.family == .llama && model.configuration.isHeadTied)
        #expect(model.configuration.sharedHeadCount == 2 && model.configuration.headWidth == 4)
        let pass = DecoderGradientPass(
            parameters: try model.load(),
            parallel: ParallelFor(threadCount: 1)
        )
        var batch = TokenBatch()
        batch.appendUnit([TokenBatch.Sequence(tokens: reference.tokens + [0])])
        let logits = pass.logits(batch)
        #expect(logits.count == reference.logits.count)
        #expect(zip(logits, reference.logits).allSatisfy { abs(Double($0) - $1) < 1e-4 })
        let tokenizer = try model.tokenizer()
        #expect(tokenizer.tokens.count == 260 && tokenizer.controls == [0, 1])
        #expect(tokenizer.pattern == "smollm" && tokenizer.beginning == 0 && tokenizer.ending == 1)
        #expect(tokenizer.merges.map { String(decoding: $0, as: UTF8.self) } == ["a b", "ab c"])
    }

    // MARK: Headers that are wrong

    /// A header written by hand.
    private struct Draft {
        var bytes: [UInt8] = Array("GGUF".utf8)

        init(version: UInt32 = 3, tensors: UInt64, members: UInt64) {
            append(version)
            append(tensors)
            append(members)
        }

        mutating func append<Number: FixedWidthInteger>(_ number: Number) {
            for place in 0..<Number.bitWidth / 8 {
                bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place)))
            }
        }

        mutating func text(_ text: String) {
            append(UInt64(text.utf8.count))
            bytes += text.utf8
        }

        mutating func integer(_ key: String, _ value: UInt32) {
            text(key)
            append(UInt32(4))
            append(value)
        }

        mutating func tensor(_ name: String, _ shape: [UInt64], type: UInt32, place: UInt64) {
            text(name)
            append(UInt32(shape.count))
            for size in shape { append(size) }
            append(type)
            append(place)
        }
    }

    private func defect(_ draft: Draft, data: Int = 4_096) -> GGUFDefect? {
        do throws(GGUFDefect) {
            _ = try GGUFHeader(draft.bytes, fileSize: draft.bytes.count + data)
            return nil
        } catch { return error }
    }

    @Test func whatIsWellFormedIsRead() throws {
        var draft = Draft(tensors: 2, members: 2)
        draft.integer("general.alignment", 64)
        draft.text("list")
        for number: UInt32 in [9, 5] { draft.append(number) }
        draft.append(UInt64(2))
        for number: Int32 in [-7, 8] { draft.append(number) }
        draft.tensor("a", [32, 2], type: 2, place: 0)
        draft.tensor("b", [3], type: 0, place: 64)
        let header = try GGUFHeader(draft.bytes, fileSize: draft.bytes.count + 4_096)
        #expect(header.members["list"] == .integers([-7, 8]))
        #expect(header.tensors.map(\.shape) == [[2, 32], [3]])
        #expect(header.tensors[0].offset % 64 == 0)
        #expect(header.tensors[1].offset == header.tensors[0].offset + 64)
    }

    @Test func everyHeaderThatEndsTooSoonIsRefused() throws {
        let path = TemporaryFolder.fixture("tiny_llama.gguf")
        let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
        _ = try GGUFHeader(whole, fileSize: whole.count)
        for length in stride(from: 0, to: 6_000, by: 37) {
            #expect(throws: GGUFDefect.self) {
                try GGUFHeader(Array(whole.prefix(length)), fileSize: length)
            }
        }
        // The header alone: its tensors leave the file.
        #expect(throws: GGUFDefect.self) { try GGUFHeader(whole, fileSize: 9_000) }
    }

    @Test func twelveKindsOfWrongHeadersAreRefusedByName() {
        var magic = Draft(tensors: 0, members: 0)
        magic.bytes[3] = UInt8(ascii: "G")
        #expect(defect(magic) == .notGGUF)
        #expect(defect(Draft(version: 1, tensors: 0, members: 0)) == .version(1))
        let many = Draft(tensors: .max, members: 0)
        #expect(defect(many) == .tooMany("tensors", count: .max, limit: 10_000))
        let more = Draft(tensors: 0, members: 1 << 40)
        #expect(defect(more) == .tooMany("members", count: 1 << 40, limit: 10_000))
        var long = Draft(tensors: 0, members: 1)
        long.append(UInt64(1) << 62)
        #expect(defect(long) == .tooMany("bytes of a name", count: 1 << 62, limit: 512))
        var twice = Draft(tensors: 0, members: 2)
        twice.integer("k", 1)
        twice.integer("k", 2)
        #expect(defect(twice) == .duplicate("k"))
        var nested = Draft(tensors: 0, members: 1)
        nested.text("k")
        for number: UInt32 in [9, 9] { nested.append(number) }
        #expect(defect(nested) == .valueType(9))
        var list = Draft(tensors: 0, members: 1)
        list.text("k")
        for number: UInt32 in [9, 4] { list.append(number) }
        list.append(UInt64(1) << 50)
        #expect(
            defect(list) == .tooMany("elements of a list", count: 1 << 50, limit: 1 << 20)
        )
        for alignment: UInt32 in [0, 1, 48, 1 << 20] {
            var draft = Draft(tensors: 0, members: 1)
            draft.integer("general.alignment", alignment)
            #expect(defect(draft) == .alignment)
        }
        func tensor(_ shape: [UInt64], type: UInt32 = 0, place: UInt64 = 0) -> GGUFDefect? {
            var draft = Draft(tensors: 1, members: 0)
            draft.tensor("t", shape, type: type, place: place)
            return defect(draft)
        }
        #expect(tensor([]) == .dimensions(tensor: "t"))
        #expect(tensor([1, 1, 1, 1, 1]) == .dimensions(tensor: "t"))
        #expect(tensor([0, 3]) == .dimensions(tensor: "t"))
        #expect(tensor([1 << 32, 1 << 32]) == .dimensions(tensor: "t"))
        #expect(tensor([32], type: 4) == .elementType(tensor: "t", code: 4))
        #expect(tensor([33], type: 8) == .block(tensor: "t"))
        #expect(tensor([32], place: 8) == .offset(tensor: "t"))
        #expect(tensor([32], place: 1 << 60) == .offset(tensor: "t"))
        #expect(tensor([1 << 20]) == .offset(tensor: "t"))
        var overlap = Draft(tensors: 2, members: 0)
        overlap.tensor("a", [64], type: 0, place: 0)
        overlap.tensor("b", [64], type: 0, place: 32)
        #expect(defect(overlap) == .offset(tensor: "b"))
        var unprintable = Draft(tensors: 0, members: 1)
        unprintable.integer("a\u{1B}[2J", 1)
        #expect(defect(unprintable) == .name)
    }

    /// Any byte of a header may be any other: a file opens or is refused, and nothing worse.
    @Test func changedBytesNeverStopTheProcess() throws {
        let path = TemporaryFolder.fixture("tiny_llama.gguf")
        let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
        var state: UInt32 = 1
        for _ in 0..<400 {
            var changed = whole
            for _ in 0..<3 {
                state = state &* 1_664_525 &+ 1_013_904_223
                changed[Int(state >> 8) % 6_400] = UInt8(truncatingIfNeeded: state >> 3)
            }
            _ = try? GGUFHeader(changed, fileSize: changed.count)
        }
    }
}
