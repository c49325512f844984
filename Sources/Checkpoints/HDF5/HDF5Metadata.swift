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
