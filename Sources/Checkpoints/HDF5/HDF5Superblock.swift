/// The first 48 bytes of a checkpoint, checked before libhdf5 parses anything.
///
/// HDF5 File Format Specification 3.0, II.A, superblock versions 2 and 3.
enum HDF5Superblock {
    /// Throws unless the file begins with a plain superblock 2 or 3; returns the file's length.
    ///
    /// Plain: 8-byte addresses, no flags left by a writer, no user block in front, no extension,
    /// and an end address that is the file's length.
    static func check(_ path: String) throws(CheckpointError) -> Int {
        let file = try InputFile(path)
        guard file.size >= 48 else { throw .hdf5(path: path, problem: "it is too short") }
        var bytes = [UInt8](repeating: 0, count: 48)
        try file.read(48, into: &bytes, at: 0)
        guard Array(bytes[0..<8]) == [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A] else {
            throw .hdf5(path: path, problem: "it does not begin with HDF5's signature")
        }
        guard (2...3).contains(bytes[8]) else {
            throw .hdf5(path: path, problem: "its superblock has version \(bytes[8])")
        }
        guard bytes[9] == 8, bytes[10] == 8, bytes[11] == 0 else {
            throw .hdf5(path: path, problem: "its superblock has unusual sizes or flags")
        }
        func address(at offset: Int) -> UInt64 {
            (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << (8 * UInt64($1)) }
        }
        guard address(at: 12) == 0, address(at: 20) == .max,
            address(at: 28) == UInt64(file.size), address(at: 36) < UInt64(file.size)
        else {
            throw .hdf5(path: path, problem: "its superblock does not fit the file")
        }
        return file.size
    }
}
