/// The first 48 bytes of a checkpoint.
///
/// HDF5 File Format Specification 3.0, II.A, superblock versions 2 and 3.
enum HDF5Superblock {
    /// Its length in bytes.
    static let length = 48
    private static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

    /// A superblock 2 for a file whose root's header and end are at those addresses.
    static func bytes(root: Int, end: Int) -> [UInt8] {
        let addresses = [0, HDF5Cursor.undefined, UInt64(end), UInt64(root)]
        let fields = signature + [2, 8, 8, 0] + addresses.flatMap { HDF5Message.integer($0) }
        return fields + HDF5Message.integer(UInt64(HDF5Checksum.of(fields[...])), 4)
    }

    /// Throws unless the file begins with a plain superblock 2 or 3; returns where the root is.
    ///
    /// Plain: 8-byte addresses, no flags left by a writer, no user block in front, no extension,
    /// and an end address that is the file's length.
    static func rootAddress(of source: HDF5Source) throws(CheckpointError) -> UInt64 {
        guard source.size >= length else { throw source.refused("it is too short") }
        let bytes = try source.bytes(at: 0, count: length)
        guard Array(bytes[0..<8]) == signature else {
            throw source.refused("it does not begin with HDF5's signature")
        }
        guard (2...3).contains(bytes[8]) else {
            throw source.refused("its superblock has version \(bytes[8])")
        }
        guard bytes[9] == 8, bytes[10] == 8, bytes[11] == 0 else {
            throw source.refused("its superblock has unusual sizes or flags")
        }
        var fields = HDF5Cursor(bytes[12...], source)
        let (base, extensionAddress) = (try fields.integer(8), try fields.integer(8))
        let (end, root) = (try fields.integer(8), try fields.integer(8))
        guard base == 0, extensionAddress == HDF5Cursor.undefined, end == UInt64(source.size),
            root < UInt64(source.size)
        else { throw source.refused("its superblock does not fit the file") }
        guard try fields.integer(4) == UInt64(HDF5Checksum.of(bytes[..<44])) else {
            throw source.refused("the checksum of its superblock is wrong")
        }
        return root
    }
}
