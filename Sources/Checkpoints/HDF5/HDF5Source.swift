/// An HDF5 file to read from, and the errors that name it.
final class HDF5Source {
    /// No block of metadata is longer, in bytes.
    static let longestBlock = 1 << 20

    private let file: InputFile
    /// Where the file lies.
    var path: String { file.path }
    /// The file's length in bytes.
    var size: Int { file.size }

    init(path: String) throws(CheckpointError) { file = try InputFile(path) }

    /// The bytes at an address, all of them or an error.
    func bytes(at address: UInt64, count: Int) throws(CheckpointError) -> [UInt8] {
        guard count >= 0, count <= Self.longestBlock, address <= UInt64(size),
            count <= size - Int(address)
        else { throw refused("a block of metadata leaves the file") }
        var bytes = [UInt8](repeating: 0, count: count)
        try file.read(count, into: &bytes, at: Int(address))
        return bytes
    }

    /// A block that begins with `signature` and ends with its checksum, without that checksum.
    func block(
        _ signature: String,
        at address: UInt64,
        count: Int
    ) throws(CheckpointError) -> HDF5Cursor {
        let bytes = try bytes(at: address, count: count)
        guard count >= 8, bytes[0..<4].elementsEqual(signature.utf8) else {
            throw refused("there is no \(signature) where one must be")
        }
        var end = HDF5Cursor(bytes[(count - 4)...], self)
        guard try end.integer(4) == UInt64(HDF5Checksum.of(bytes[..<(count - 4)])) else {
            throw refused("the checksum of a \(signature) is wrong")
        }
        return HDF5Cursor(bytes[4..<(count - 4)], self)
    }

    /// Fills `values` from an offset that was checked before.
    func read(_ count: Int, into values: inout [Float], at offset: Int) throws(CheckpointError) {
        try file.read(count, into: &values, at: offset)
    }

    /// An error that says what is wrong with the file.
    func refused(_ problem: String) -> CheckpointError { .hdf5(path: path, problem: problem) }
}
