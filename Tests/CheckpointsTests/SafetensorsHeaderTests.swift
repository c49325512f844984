import Checkpoints
import Testing

@Suite struct SafetensorsHeaderTests {
    private static let good = #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#

    private func parse(_ json: String, _ length: Int = 8) throws(SafetensorsDefect)
        -> SafetensorsHeader
    {
        try SafetensorsHeader(json: Array(json.utf8), dataLength: length)
    }

    @Test(arguments: [
        good,
        #"{ "a" : { "shape" : [ 2 ] , "data_offsets":[0,8], "dtype":"F32" } }   "#,
        #"{"__metadata__":{"k":"v \u00e9\n\ud83d\ude00"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"b":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#,
    ])
    func acceptsEveryShapeThatTheFormatAllows(json: String) throws {
        #expect(try parse(json).tensors.count >= 1)
    }

    @Test func sortsTensorsByTheirPlace() throws {
        let json =
            #"{"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}"#
        #expect(try parse(json).tensors.map(\.name) == ["a", "b"])
    }

    @Test(arguments: [
        (" " + good, SafetensorsDefect.headerNotObject),
        ("", .headerNotObject),
        (#"{"a":"#, .headerSyntax(position: 5, expected: "{")),
        (good + "\0\0", .headerSyntax(position: good.utf8.count, expected: "the end of the header")),
        (good + "{}", .headerSyntax(position: good.utf8.count, expected: "the end of the header")),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
            .duplicateKey("a")
        ),
        (
            #"{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
            .duplicateKey("dtype")
        ),
        (
            #"{"__metadata__":{"x":"1","x":"2"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
            .duplicateKey("x")
        ),
        (
            #"{"__metadata__":{"x":1}}"#,
            .headerSyntax(position: 21, expected: "\"")
        ),
        (
            #"{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}"#,
            .unknownElementType(tensor: "a", found: "F33")
        ),
        (#"{"a":{"shape":[2],"data_offsets":[0,8]}}"#, .missingKey(tensor: "a", key: "dtype")),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8]}}"#,
            .missingKey(tensor: "a", key: "data_offsets")
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}"#,
            .tooManyDimensions(tensor: "a", limit: 2)
        ),
        (
            #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#,
            .sizeMismatch(tensor: "a", needed: 12, spanned: 8)
        ),
        (
            #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#,
            .sizeOverflow(tensor: "a")
        ),
        (
            #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#,
            .sizeOverflow(tensor: "a")
        ),
        (
            #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}"#,
            .headerSyntax(position: 29, expected: "an unsigned integer")
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#,
            .headerSyntax(position: 30, expected: "]")
        ),
        (
            #"{"a":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}"#,
            .headerSyntax(position: 29, expected: "an unsigned integer")
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
            .offsetsOutOfRange(tensor: "a")
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}"#,
            .offsetsOutOfRange(tensor: "a")
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            .offsetsNotContiguous(tensor: "a", start: 4, expected: 0)
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
            .offsetsNotContiguous(tensor: "b", start: 0, expected: 4)
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
            .dataLength(described: 4, present: 8)
        ),
        (
            #"{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}"#,
            .tooManyDimensions(tensor: "a", limit: 8)
        ),
        (#"{"\ud83d":{}}"#, .headerSyntax(position: 4, expected: "a pair of surrogates")),
        ("{\"a\u{1}\":{}}", .headerSyntax(position: 3, expected: "no control character")),
        (#"{"a":{"extra":1}}"#, .headerSyntax(
            position: 14, expected: "dtype, shape or data_offsets as the key")),
    ])
    func namesEachDefect(json: String, defect: SafetensorsDefect) {
        #expect(throws: defect) { try parse(json) }
        #expect(!defect.description.isEmpty)
    }

    @Test func refusesNamesAndNumbersBeyondTheLimits() {
        let name = String(repeating: "n", count: 257)
        let long = "{\"\(name)\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
        #expect(throws: SafetensorsDefect.nameTooLong(bytes: 257, limit: 256)) { try parse(long) }
        let many = (0...10_000).map {
            "\"\($0)\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}"
        }
        #expect(throws: SafetensorsDefect.tooManyTensors(limit: 10_000)) {
            try parse("{" + many.joined(separator: ",") + "}", 0)
        }
    }

    @Test func refusesInvalidUTF8() {
        let bytes = Array("{\"".utf8) + [0xFF] + Array("\":{}}".utf8)
        #expect(throws: SafetensorsDefect.headerNotUTF8) {
            try SafetensorsHeader(json: bytes, dataLength: 0)
        }
    }

    /// Canonically equal names are different names: they are compared as bytes.
    @Test func keepsNamesThatOnlyUnicodeCallsEqual() throws {
        let a = "\"\u{E9}\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}"
        let b = "\"e\u{301}\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}"
        #expect(try parse("{\(a),\(b)}").tensors.count == 2)
    }

    /// Damages a good header in 20,000 ways; none may crash, and what is accepted fits the data.
    @Test func survivesRandomDamage() {
        var state: UInt64 = 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let alphabet = Array(#"{}[]",:0123456789\u-eFa "#.utf8)
        for _ in 0..<20_000 {
            var bytes = Array(Self.good.utf8)
            for _ in 0...next(3) {
                switch next(3) {
                case 0: bytes[next(bytes.count)] = alphabet[next(alphabet.count)]
                case 1: bytes.remove(at: next(bytes.count))
                default: bytes.insert(alphabet[next(alphabet.count)], at: next(bytes.count))
                }
            }
            guard let header = try? SafetensorsHeader(json: bytes, dataLength: 8) else { continue }
            #expect(header.tensors.reduce(0) { $0 + $1.bytes.count } == 8)
        }
    }
}
