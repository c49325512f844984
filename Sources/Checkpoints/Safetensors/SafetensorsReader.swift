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
        file = try InputFile(path)
        do {
            (header, dataStart) = try Self.readHeader(of: file)
        } catch let defect as SafetensorsDefect {
            throw .safetensors(path: path, defect: defect)
        } catch let error as CheckpointError {
            throw error
        } catch {
            throw .inputOutput(operation: "read", path: path, code: 0)
        }
    }

    private static func readHeader(
        of file: borrowing InputFile
    ) throws -> (SafetensorsHeader, dataStart: Int) {
        guard file.size >= 8 else { throw SafetensorsDefect.tooShort(bytes: file.size) }
        var length: [UInt64] = [0]
        try file.read(1, into: &length, at: 0)
        let claimed = UInt64(littleEndian: length[0])
        guard claimed <= UInt64(SafetensorsHeader.longest) else {
            throw SafetensorsDefect.headerTooLarge(
                bytes: claimed, limit: SafetensorsHeader.longest)
        }
        let count = Int(claimed)
        guard count <= file.size - 8 else {
            throw SafetensorsDefect.headerBeyondFile(headerBytes: count, fileBytes: file.size)
        }
        var json = [UInt8](repeating: 0, count: count)
        try file.read(count, into: &json, at: 8)
        return (try SafetensorsHeader(json: json, dataLength: file.size - 8 - count), 8 + count)
    }

    /// Calls `body` with the tensor's values as Float32, piece by piece in order.
    ///
    /// - Parameters:
    ///   - tensor: One of `header.tensors`, of type F32, F16 or BF16; F16 and BF16 convert exactly.
    ///   - body: Gets the index of the first value and the values; all are finite.
    package func forEachPiece(
        of tensor: SafetensorsTensor,
        _ body: (_ first: Int, _ values: [Float]) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        let pieceSize = 1 << 16
        var floats = [Float](repeating: 0, count: pieceSize)
        var halves = [UInt16](repeating: 0, count: pieceSize)
        var first = 0
        while first < tensor.count {
            let count = min(pieceSize, tensor.count - first)
            let offset = dataStart + tensor.bytes.lowerBound + first * tensor.elementType.size
            if floats.count != count { floats = [Float](repeating: 0, count: count) }
            switch tensor.elementType {
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
                        + "of type \(type.rawValue); only F32, F16 and BF16 are read")
            }
            guard HalfPrecision.areFinite(floats) else {
                throw .model(
                    path: file.path,
                    problem: "tensor \(CheckpointError.printable(tensor.name.utf8)) "
                        + "has a value that is not finite")
            }
            try body(first, floats)
            first += count
        }
    }

    /// Copies the tensor's values to `offset` of the buffer and the places after it.
    package func read(
        _ tensor: SafetensorsTensor, into buffer: FloatBuffer, at offset: Int
    ) throws(CheckpointError) {
        try forEachPiece(of: tensor) { first, values throws(CheckpointError) in
            buffer.store(values, at: offset + first)
        }
    }
}
