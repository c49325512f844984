import Checkpoints

/// The strict reader of safetensors files, header and values.
struct SafetensorsTarget: FuzzTarget {
    static let name = "safetensors"
    let fileName = "model.safetensors"
    let dictionary = [
        "\"dtype\":", "\"F32\"", "\"F16\"", "\"BF16\"", "\"F64\"", "\"I64\"", "\"shape\":", "[",
        "]", "[0]",
        "\"data_offsets\":", "[0,8]", "[8,16]", "\"__metadata__\":", "{}", "{", "}", ",", ":", "\"",
        "\\u0000", "\\ud800", "\\\"", " ", "\0", "null", "é",
    ].map { Array($0.utf8) }

    func seeds() -> [[UInt8]] {
        [
            #"{}"#,
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
            #"{"__metadata__":{"format":"pt"},"w":{"dtype":"F16","shape":[2,3],"data_offsets":[0,12]},"#
                + #""b":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]},"s":{"dtype":"F32","#
                + #""shape":[],"data_offsets":[16,20]},"e":{"dtype":"I64","shape":[0],"data_offsets":[20,20]}}"#,
        ].map { file(header: Array($0.utf8), data: 8 * ($0.utf8.count % 5)) }
            + [
                file(
                    header: Array(
                        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#.utf8
                    ),
                    data: 8
                )
            ]
    }

    private func file(header: [UInt8], data: Int) -> [UInt8] {
        length(header.count) + header + [UInt8](repeating: 0x3F, count: data)
    }

    private func length(_ count: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }

    /// The length before the header is right again if the header still ends with a brace.
    func repaired(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.count > 8, let end = bytes.lastIndex(of: UInt8(ascii: "}")), end >= 8,
            bytes[bytes.count - 1] & 1 == 0
        else { return bytes }
        return length(end - 7) + bytes[8...]
    }

    func run(folder: String, bytes: [UInt8]) throws -> String {
        let reader = try SafetensorsReader(path: folder + "/" + fileName)
        var covered = 0
        for tensor in reader.header.tensors {
            precondition(tensor.bytes.lowerBound == covered, "a hole or an overlap was accepted")
            covered = tensor.bytes.upperBound
            precondition(tensor.count * tensor.elementType.size == tensor.bytes.count)
            var seen = 0
            guard [.float64, .float32, .float16, .bfloat16].contains(tensor.elementType) else {
                continue
            }
            try reader.forEachPiece(of: tensor) { first, values in
                precondition(first == seen && values.allSatisfy(\.isFinite))
                seen += values.count
            }
            precondition(seen == tensor.count, "values were left out")
        }
        precondition(covered < bytes.count, "tensors beyond the file were accepted")
        return "accepted"
    }
}
