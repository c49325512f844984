/// How elements of a GGUF tensor are stored: numbers, or blocks of small integers with scales.
///
/// The layouts are those of ggml's `ggml-common.h`; values are computed in the order in which ggml and
/// the `gguf` package compute them, to the bit.
package enum GGUFElementType: Int, Sendable {
    case float32 = 0
    case float16 = 1
    case q4zero = 2
    case q4one = 3
    case q5zero = 6
    case q5one = 7
    case q8zero = 8
    case q4K = 12
    case q5K = 13
    case q6K = 14
    case bfloat16 = 30

    /// Elements of a block.
    package var blockLength: Int {
        switch self {
        case .float32, .float16, .bfloat16: 1
        case .q4zero, .q4one, .q5zero, .q5one, .q8zero: 32
        case .q4K, .q5K, .q6K: 256
        }
    }

    /// Bytes of a block.
    package var blockSize: Int {
        switch self {
        case .float32: 4
        case .float16, .bfloat16: 2
        case .q4zero: 18
        case .q4one: 20
        case .q5zero: 22
        case .q5one: 24
        case .q8zero: 34
        case .q4K: 144
        case .q5K: 176
        case .q6K: 210
        }
    }

    /// The values of whole blocks.
    package func values(_ bytes: [UInt8]) -> [Float] {
        precondition(bytes.count % blockSize == 0, "\(bytes.count) bytes of blocks of \(blockSize)")
        var values: [Float] = []
        values.reserveCapacity(bytes.count / blockSize * blockLength)
        for start in stride(from: 0, to: bytes.count, by: blockSize) {
            append(Block(bytes: bytes, start: start), to: &values)
        }
        return values
    }

    /// One block of a file.
    private struct Block {
        let bytes: [UInt8]
        let start: Int

        subscript(_ place: Int) -> Int { Int(bytes[start + place]) }

        func word(_ place: Int) -> UInt16 { UInt16(self[place] | self[place + 1] << 8) }

        /// IEEE binary16.
        func half(_ place: Int) -> Float {
            var value: [Float] = [0]
            HalfPrecision.convert(float16: [word(place)], to: &value)
            return value[0]
        }

        /// The low nibbles of `count` bytes, then the high ones.
        func nibbles(_ place: Int, _ count: Int) -> [Int] {
            (0..<count).map { self[place + $0] & 15 } + (0..<count).map { self[place + $0] >> 4 }
        }

        /// Bit i of 32 bits.
        func bit(_ place: Int, _ index: Int) -> Int { self[place + index / 8] >> (index % 8) & 1 }

        /// The six-bit scale and minimum of sub-block `index` of Q4_K and Q5_K, in 12 bytes.
        func scaleAndMinimum(_ place: Int, _ index: Int) -> (Float, Float) {
            guard index >= 4 else {
                return (Float(self[place + index] & 63), Float(self[place + index + 4] & 63))
            }
            let low = self[place + index + 4]
            return (
                Float(low & 15 | (self[place + index - 4] >> 6) << 4),
                Float(low >> 4 | (self[place + index] >> 6) << 4)
            )
        }
    }

    private func append(_ block: Block, to values: inout [Float]) {
        switch self {
        case .float32:
            let word = UInt32(block.word(0)) | UInt32(block.word(2)) << 16
            values.append(Float(bitPattern: word))
        case .float16: values.append(block.half(0))
        case .bfloat16: values.append(Float(bitPattern: UInt32(block.word(0)) << 16))
        case .q8zero:
            let scale = block.half(0)
            for index in 0..<32 {
                values.append(scale * Float(Int8(truncatingIfNeeded: block[2 + index])))
            }
        case .q4zero:
            let scale = block.half(0)
            values += block.nibbles(2, 16).map { scale * Float($0 - 8) }
        case .q4one:
            let (scale, minimum) = (block.half(0), block.half(2))
            values += block.nibbles(4, 16).map { Self.sum(scale * Float($0), minimum) }
        case .q5zero:
            let scale = block.half(0)
            values += block.nibbles(6, 16).enumerated().map {
                scale * Float(($1 | block.bit(2, $0) << 4) - 16)
            }
        case .q5one:
            let (scale, minimum) = (block.half(0), block.half(2))
            values += block.nibbles(8, 16).enumerated().map {
                Self.sum(scale * Float($1 | block.bit(4, $0) << 4), minimum)
            }
        case .q4K, .q5K: appendSuperblock(block, to: &values)
        case .q6K: appendSixBits(block, to: &values)
        }
    }

    /// The product rounded before the addition, as ggml's reference does.
    private static func sum(_ product: Float, _ addend: Float) -> Float { product + addend }

    /// Q4_K and Q5_K: eight times 32 values, with scales and minima of their own.
    private func appendSuperblock(_ block: Block, to values: inout [Float]) {
        let (scale, minimum) = (block.half(0), block.half(2))
        let low = self == .q5K ? 48 : 16
        for part in 0..<8 {
            let (a, b) = block.scaleAndMinimum(4, part)
            let (d, m) = (scale * a, minimum * b)
            for index in 0..<32 {
                let byte = block[low + part / 2 * 32 + index]
                var quantum = part % 2 == 0 ? byte & 15 : byte >> 4
                if self == .q5K { quantum |= (block[16 + index] >> part & 1) << 4 }
                values.append(Self.sum(d * Float(quantum), -m))
            }
        }
    }

    /// Q6_K: sixteen times 16 values; four low bits, two high bits, a signed scale each.
    private func appendSixBits(_ block: Block, to values: inout [Float]) {
        let scale = block.half(208)
        for index in 0..<256 {
            let (half, place) = (index / 128, index % 128)
            let (quarter, column) = (place / 32, place % 32)
            let low = block[half * 64 + quarter % 2 * 32 + column]
            let high = block[128 + half * 32 + column] >> (2 * quarter) & 3
            let quantum = (quarter < 2 ? low & 15 : low >> 4) | high << 4
            let factor = Int8(truncatingIfNeeded: block[192 + half * 8 + place / 16])
            values.append(scale * Float(factor) * Float(quantum - 32))
        }
    }
}
