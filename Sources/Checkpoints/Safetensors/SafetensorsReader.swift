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
