package import Kernels

/// Reads tensors of a safetensors file whose header was checked wholly before.
///
/// Values are copied piece by piece, never mapped: what was checked is what is used.
package struct SafetensorsReader: ~Copyable {
    private let file: InputFile
    private let dataStart: Int
    /// The checked header.
    package let header: SafetensorsHeader

    /// Opens a file and checks its header against every rule of the format.
    package init(path: String) throws(CheckpointError) {
        let opened = try InputFile(path)
        let json = try Self.headerBytes(of: opened)
        do throws(SafetensorsDefect) {
            header = try SafetensorsHeader(json: json, dataLength: opened.size - 8 - json.count)
        } catch {
            throw .safetensors(path: path, defect: error)
        }
        dataStart = 8 + json.count
        file = opened
    }

    /// The header without the length before it; that length is checked against limit and file.
    private static func headerBytes(
        of file: borrowing InputFile
    ) throws(CheckpointError) -> [UInt8] {
        guard file.size >= 8 else {
            throw .safetensors(path: file.path, defect: .tooShort(bytes: file.size))
        }
        var length: [UInt64] = [0]
        try file.read(1, into: &length, at: 0)
        let claimed = UInt64(littleEndian: length[0])
        let limit = SafetensorsHeader.longest
        guard claimed <= UInt64(limit) else {
            throw .safetensors(
                path: file.path,
                defect: .headerTooLarge(bytes: claimed, limit: limit)
            )
        }
        let count = Int(claimed)
        guard count <= file.size - 8 else {
            let defect = SafetensorsDefect.headerBeyondFile(
                headerBytes: count,
                fileBytes: file.size
            )
            throw .safetensors(path: file.path, defect: defect)
        }
        var json = [UInt8](repeating: 0, count: count)
        try file.read(count, into: &json, at: 8)
        return json
    }

    /// Calls `body` with the tensor's values as Float32, piece by piece in order.
    ///
    /// - Parameters:
    ///   - tensor: One of `header.tensors`, of type F64, F32, F16 or BF16; F64 is rounded to nearest,
    ///     F16 and BF16 convert exactly.
    ///   - body: Gets the index of the first value and the values; all are finite.
    /// - Throws: `CheckpointError` for another type, a value that is not finite, or a short file.
    package func forEachPiece(
        of tensor: SafetensorsTensor,
        _ body: (_ first: Int, _ values: [Float]) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        let pieceSize = 1 << 16
        var floats = [Float](repeating: 0, count: pieceSize)
        var halves = [UInt16](repeating: 0, count: pieceSize)
        var doubles: [Double] = []
        var first = 0
        while first < tensor.count {
            let count = min(pieceSize, tensor.count - first)
            let offset = dataStart + tensor.bytes.lowerBound + first * tensor.elementType.size
            if floats.count != count { floats = [Float](repeating: 0, count: count) }
            switch tensor.elementType {
            case .float64:
                doubles = [Double](repeating: 0, count: count)
                try file.read(count, into: &doubles, at: offset)
                for index in 0..<count { floats[index] = Float(doubles[index]) }
            case .float32: try file.read(count, into: &floats, at: offset)
            case .float16:
                try file.read(count, into: &halves, at: offset)
                HalfPrecision.convert(float16: halves, to: &floats)
            case .bfloat16:
                try file.read(count, into: &halves, at: offset)
                HalfPrecision.convert(bfloat16: halves, to: &floats)
            case let type:
                throw .model(
                    path: file.path,
                    problem: "tensor \(CheckpointError.printable(tensor.name.utf8)) has elements "
                        + "of type \(type.rawValue); only F64, F32, F16 and BF16 are read"
                )
            }
            guard HalfPrecision.areFinite(floats) else {
                throw .model(
                    path: file.path,
                    problem: "tensor \(CheckpointError.printable(tensor.name.utf8)) "
                        + "has a value that is not finite in single precision"
                )
            }
            try body(first, floats)
            first += count
        }
    }

    /// Copies the tensor's values to `offset` of the buffer and the places after it.
    package func read(
        _ tensor: SafetensorsTensor,
        into buffer: FloatBuffer,
        at offset: Int
    ) throws(CheckpointError) {
        try forEachPiece(of: tensor) { first, values throws(CheckpointError) in
            buffer.store(values, at: offset + first)
        }
    }
}

/// The description of one tensor in a safetensors file.
public struct SafetensorsTensor: Equatable, Sendable {
    /// How one element is stored.
    public enum ElementType: String, Sendable, CaseIterable {
        case bool = "BOOL"
        case uint8 = "U8"
        case int8 = "I8"
        case float8E5M2 = "F8_E5M2"
        case float8E4M3 = "F8_E4M3"
        case int16 = "I16"
        case uint16 = "U16"
        case float16 = "F16"
        case bfloat16 = "BF16"
        case int32 = "I32"
        case uint32 = "U32"
        case float32 = "F32"
        case float64 = "F64"
        case int64 = "I64"
        case uint64 = "U64"

        /// Bytes per element.
        public var size: Int {
            switch self {
            case .bool, .uint8, .int8, .float8E5M2, .float8E4M3: 1
            case .int16, .uint16, .float16, .bfloat16: 2
            case .int32, .uint32, .float32: 4
            case .float64, .int64, .uint64: 8
            }
        }
    }

    /// The tensor's name.
    public let name: String
    /// How its elements are stored.
    public let elementType: ElementType
    /// Outermost dimension first; empty for a single value.
    public let shape: [Int]
    /// Where its bytes lie, counted from the end of the header.
    public let bytes: Range<Int>

    /// Number of elements.
    public var count: Int { shape.reduce(1, *) }
}

/// Conversions between Float32 and the two 16-bit formats.
enum HalfPrecision {
    /// IEEE binary16 to Float32, exact.
    ///
    /// The 15 bits below the sign, moved to Float32's places, are 2⁻¹¹² of the value, subnormals
    /// included; one exact multiplication restores them.
    static func convert(float16 bits: [UInt16], to values: inout [Float]) {
        for index in values.indices {
            let half = UInt32(bits[index])
            let magnitude = Float(bitPattern: (half & 0x7FFF) << 13) * 0x1p112
            let special: UInt32 = half & 0x7C00 == 0x7C00 ? 0x7F80_0000 : 0
            values[index] = Float(
                bitPattern: magnitude.bitPattern | special | (half & 0x8000) << 16
            )
        }
    }

    /// bfloat16 to Float32, exact.
    static func convert(bfloat16 bits: [UInt16], to values: inout [Float]) {
        for index in values.indices {
            values[index] = Float(bitPattern: UInt32(bits[index]) << 16)
        }
    }

    /// Float32 to IEEE binary16, rounded to nearest, ties to even; beyond 65,504 infinite.
    static func float16Bits(of value: Float) -> UInt16 {
        let bits = value.bitPattern
        let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
        let magnitude = Float(bitPattern: bits & 0x7FFF_FFFF)
        if magnitude.isNaN { return sign | 0x7E00 }
        if magnitude >= 65_520 { return sign | 0x7C00 }
        if magnitude < 0x1p-14 {
            // Subnormal: units of 2⁻²⁴, rounded by Float's own rule.
            return sign | UInt16((magnitude * 0x1p24).rounded(.toNearestOrEven))
        }
        let odd = (bits >> 13) & 1
        let rounded = (bits & 0x7FFF_FFFF) + 0xFFF + odd
        return sign | UInt16(truncatingIfNeeded: (rounded - (112 << 23)) >> 13)
    }

    /// Whether no value is infinite or NaN.
    static func areFinite(_ values: [Float]) -> Bool {
        var largest: UInt32 = 0
        for value in values { largest = max(largest, value.bitPattern & 0x7FFF_FFFF) }
        return largest < 0x7F80_0000
    }
}
