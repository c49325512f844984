/// Reads the subset of HDF5 that checkpoints consist of; anything else is refused before a value is
/// read.
///
/// Written here, without libhdf5, whose parsers of damaged metadata read and write out of bounds
/// (CVE-2025-2915, CVE-2025-6816 and others; found again by `scripts/fuzz`). The metadata is small: a
/// superblock, object headers, and, where libhdf5 wrote groups of more than 8 links, a B-tree and a
/// heap.
final class HDF5Reader {
    /// The rules of the subset.
    private enum Limit {
        static let attributeBytes = 1 << 15
        static let attributes = 16
        static let dimensions = 8
    }

    private let source: HDF5Source
    private let root: HDF5ObjectHeader
    /// Where the file lies, for messages.
    var path: String { source.path }

    /// Opens a file whose digest the caller has checked; superblock and root are checked here.
    init(path: String) throws(CheckpointError) {
        source = try HDF5Source(path: path)
        root = try HDF5ObjectHeader(at: HDF5Superblock.rootAddress(of: source), in: source)
    }

    /// Finds every dataset of the file, in order of groups and names.
    ///
    /// - Hard links only, one to each object; groups below the root only, datasets below them only.
    /// - Datasets contiguous, in this file, unfiltered, little-endian Float32, fully stored inside
    ///   the file, none overlapping another; neither they nor their groups have attributes.
    func datasets() throws(CheckpointError) -> [HDF5Dataset] {
        var found: [HDF5Dataset] = []
        var addresses: Set<UInt64> = []
        for group in try HDF5Group(root, in: source).links {
            let header = try object(group, isGroup: true, named: group.name, &addresses)
            for link in try HDF5Group(header, in: source).links {
                guard found.count < HDF5Group.mostLinks else {
                    throw source.refused("it has more than \(HDF5Group.mostLinks) objects")
                }
                let name = group.name + "/" + link.name
                let header = try object(link, isGroup: false, named: name, &addresses)
                found.append(try dataset(header, name))
            }
        }
        try checkDisjoint(found)
        return found
    }

    /// Reads a dataset, some values at a time and in order.
    func read(
        _ dataset: HDF5Dataset,
        _ body: (_ first: Int, _ values: [Float]) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        let total = dataset.bytes.count / MemoryLayout<Float>.size
        var values = [Float](repeating: 0, count: min(total, Self.valuesAtOnce))
        var first = 0
        while first < total {
            let count = min(Self.valuesAtOnce, total - first)
            if values.count != count { values = [Float](repeating: 0, count: count) }
            let offset = dataset.bytes.lowerBound + first * MemoryLayout<Float>.size
            try source.read(count, into: &values, at: offset)
            try body(first, values)
            first += count
        }
    }

    /// Values per read, 1 MiB: large enough to stream, small beside the model.
    private static let valuesAtOnce = 1 << 18

    /// The root's attributes: 64-bit integers as decimal text, and texts.
    func attributes() throws(CheckpointError) -> [String: String] {
        guard try root.attributeCount() <= Limit.attributes else {
            throw refused("/", "too many attributes")
        }
        var result: [String: String] = [:]
        for body in root.all(.attribute) {
            let (name, value) = try attribute(body)
            guard result.updateValue(value, forKey: name) == nil else {
                throw refused("/", "it has an attribute twice")
            }
        }
        return result
    }

    /// HDF5 File Format Specification 3.0, IV.A.2.m, version 3.
    private func attribute(
        _ body: HDF5Cursor
    ) throws(CheckpointError) -> (name: String, value: String) {
        var body = body
        try body.expect(3, "the version of an attribute")
        try body.expect(0, "the flags of an attribute")
        let sizes = (try body.small(2), try body.small(2), try body.small(2))
        _ = try body.bytes(1)
        guard (2...HDF5Group.longestName + 1).contains(sizes.0) else {
            throw refused("/", "a name too long")
        }
        let name = try HDF5Group.checked(Array(try body.bytes(sizes.0).dropLast()), source)
        let type = Array(try body.bytes(sizes.1))
        var space = HDF5Cursor(try body.bytes(sizes.2), source)
        guard try space.small(1) == 2, try space.small(1) == 0, try space.small(1) == 0,
            try space.small(1) == 0
        else { throw refused("/", "attribute \(name) is not a single plain value") }
        if type == HDF5Message.int64 {
            return (name, String(Int64(bitPattern: try body.integer(8))))
        }
        // Class 3, string; padded with zeros; its size in the last four bytes.
        guard type.count == 8, type[0] == 0x13, type[1] & 0xF == 1, type[2] == 0, type[3] == 0
        else {
            throw refused("/", "attribute \(name) is neither an integer nor a short text")
        }
        var sizeField = HDF5Cursor(type[4...], source)
        let size = try sizeField.small(4)
        guard size <= Limit.attributeBytes else {
            throw refused("/", "attribute \(name) is neither an integer nor a short text")
        }
        let bytes = try body.bytes(size).prefix { $0 != 0 }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw refused("/", "attribute \(name) is not UTF-8")
        }
        return (name, text)
    }

    private func object(
        _ link: (name: String, address: UInt64),
        isGroup: Bool,
        named name: String,
        _ addresses: inout Set<UInt64>
    ) throws(CheckpointError) -> HDF5ObjectHeader {
        let header = try HDF5ObjectHeader(at: link.address, in: source)
        guard header.all(isGroup ? .linkInfo : .layout).count == 1,
            header.all(isGroup ? .layout : .linkInfo).isEmpty
        else { throw refused(name, "it is not a \(isGroup ? "group" : "dataset")") }
        let links = try header.linkCount()
        guard links == 1, addresses.insert(link.address).inserted else {
            throw refused(name, "it has \(max(links, 2)) links")
        }
        guard try header.attributeCount() == 0 else { throw refused(name, "it has attributes") }
        return header
    }

    private func dataset(
        _ header: HDF5ObjectHeader,
        _ name: String
    ) throws(CheckpointError) -> HDF5Dataset {
        guard header.all(.externalFiles).isEmpty else {
            throw refused(name, "its values lie in another file")
        }
        // Version 3, class 1: HDF5 File Format Specification 3.0, IV.A.2.i.
        guard var layout = header.only(.layout), try layout.small(1) == 3,
            try layout.small(1) == 1
        else { throw refused(name, "its layout is not contiguous") }
        let address = try layout.integer(8)
        let stored = try layout.integer(8)
        guard header.all(.filters).isEmpty else { throw refused(name, "it has filters") }
        guard var type = header.only(.datatype), type.count == HDF5Message.float32.count,
            try Array(type.bytes(type.count)) == HDF5Message.float32
        else { throw refused(name, "its elements are not little-endian 32-bit floats") }
        let shape = try shape(header, name)
        let size = try byteCount(shape, name)
        guard stored == UInt64(size), address < UInt64(source.size),
            size <= source.size - Int(address)
        else { throw refused(name, "its values are not stored whole in the file") }
        return HDF5Dataset(path: name, shape: shape, bytes: Int(address)..<Int(address) + size)
    }

    /// HDF5 File Format Specification 3.0, IV.A.2.b, version 2.
    private func shape(_ header: HDF5ObjectHeader, _ name: String) throws(CheckpointError) -> [Int]
    {
        guard var space = header.only(.dataspace), try space.small(1) == 2 else {
            throw refused(name, "its shape is not simple")
        }
        let rank = try space.small(1)
        let flags = try space.small(1)
        let kind = try space.small(1)
        guard kind == 1, (1...Limit.dimensions).contains(rank), flags <= 1 else {
            throw refused(name, "its shape is not simple")
        }
        var shape: [Int] = []
        for _ in 0..<rank {
            let dimension = try space.integer(8)
            guard let value = Int(exactly: dimension), value > 0 else {
                throw refused(name, "a dimension of \(dimension)")
            }
            shape.append(value)
        }
        for dimension in shape where flags == 1 {
            guard try space.integer(8) == UInt64(dimension) else {
                throw refused(name, "its shape can grow")
            }
        }
        return shape
    }

    private func byteCount(_ shape: [Int], _ name: String) throws(CheckpointError) -> Int {
        var size = MemoryLayout<Float>.size
        for dimension in shape {
            let (next, overflow) = size.multipliedReportingOverflow(by: dimension)
            guard !overflow else { throw refused(name, "its size overflows") }
            size = next
        }
        return size
    }

    private func checkDisjoint(_ datasets: [HDF5Dataset]) throws(CheckpointError) {
        var end = 0
        for dataset in datasets.sorted(by: { $0.bytes.lowerBound < $1.bytes.lowerBound }) {
            guard dataset.bytes.lowerBound >= end else {
                throw refused(dataset.path, "its values overlap another dataset's")
            }
            end = dataset.bytes.upperBound
        }
    }

    private func refused(_ name: String, _ problem: String) -> CheckpointError {
        source.refused("\(name): \(problem)")
    }
}
