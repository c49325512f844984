/// Everything in a checkpoint but its values: superblock, groups, attributes, dataset headers.
///
/// HDF5 File Format Specification 3.0: superblock 2, version-2 object headers of one piece each, links
/// and attributes in the headers themselves. The values follow it, dataset after dataset, contiguous.
///
/// Written here, without libhdf5: when the disk refuses a write, libhdf5 1.10 ends the process with a
/// segmentation fault, at once or at exit, instead of reporting it.
struct HDF5Metadata {
    /// An attribute of the root.
    enum Value: Equatable {
        case integer(Int)
        case text(String)
    }

    /// A group below the root and its datasets, each name with a shape of at least one dimension.
    struct Group {
        let name: String
        let datasets: [(name: String, shape: [Int])]
    }

    /// The bytes in front of the values.
    let bytes: [UInt8]

    /// Lays a file out.
    ///
    /// - Parameters:
    ///   - attributes: Names of at most 128 bytes; texts of at most 32 KiB.
    ///   - groups: In the order in which their values follow.
    init(attributes: [(name: String, value: Value)], groups: [Group]) {
        let sizes = groups.flatMap(\.datasets).map { HDF5Message.size(of: $0.shape) }
        // Lengths do not depend on addresses: the first time tells where everything comes to lie.
        let lengths = Self.objects(attributes, groups, Places(groups)).map(\.count)
        var places = Places(groups)
        var next = HDF5Superblock.length
        for (number, length) in lengths.enumerated() {
            places.objects[number] = next
            next += length
        }
        let padding = (8 - next % 8) % 8
        next += padding
        for (number, size) in sizes.enumerated() {
            places.values[number] = next
            next += size
        }
        let objects = Self.objects(attributes, groups, places)
        bytes =
            HDF5Superblock.bytes(root: HDF5Superblock.length, end: next)
            + objects.joined() + [UInt8](repeating: 0, count: padding)
    }

    /// Addresses: of the root, the groups and the datasets; of the values.
    private struct Places {
        var objects: [Int]
        var values: [Int]

        init(_ groups: [Group]) {
            let count = groups.reduce(0) { $0 + $1.datasets.count }
            objects = [Int](repeating: 0, count: 1 + groups.count + count)
            values = [Int](repeating: 0, count: count)
        }
    }

    /// The object headers in their order in the file.
    private static func objects(
        _ attributes: [(name: String, value: Value)],
        _ groups: [Group],
        _ places: Places
    ) -> [[UInt8]] {
        let groupLinks = zip(groups, places.objects[1...]).map {
            HDF5Message.link($0.name, to: $1)
        }
        var headers = [
            HDF5Message.header(
                HDF5Message.group + groupLinks + [HDF5Message.attributeInfo]
                    + attributes.map { HDF5Message.attribute($0.name, $0.value) }
            )
        ]
        var first = 1 + groups.count
        for group in groups {
            let links = zip(group.datasets, places.objects[first...]).map {
                HDF5Message.link($0.name, to: $1)
            }
            headers.append(HDF5Message.header(HDF5Message.group + links))
            first += group.datasets.count
        }
        for (number, dataset) in groups.flatMap(\.datasets).enumerated() {
            headers.append(
                HDF5Message.header(
                    HDF5Message.dataset(dataset.shape, at: places.values[number])
                )
            )
        }
        return headers
    }
}

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
