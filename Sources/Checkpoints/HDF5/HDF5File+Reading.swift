import CHDF5
import Foundation

// Reading holds a file to the subset that `HDF5File` writes; anything else is refused before a value
// is read.
extension HDF5File {
    /// The rules of the subset.
    private enum Limit {
        static let objects = 10_000
        static let nameBytes = 128
        static let attributeBytes = 1 << 15
        static let attributes = 16
        static let dimensions = 8
    }

    /// Every dataset of the file, in order of groups and names.
    ///
    /// - Hard links only, one to each object; groups below the root only, datasets below them only.
    /// - Datasets contiguous, in this file, unfiltered, little-endian Float32, fully stored inside
    ///   the file, none overlapping another; neither they nor their groups have attributes.
    ///
    /// - Parameter fileSize: The file's length in bytes.
    func datasets(fileSize: Int) throws(CheckpointError) -> [HDF5Dataset] {
        Self.enter()
        defer { Self.library.unlock() }
        var found: [HDF5Dataset] = []
        let root = try open("/")
        for group in try linkNames(of: root) {
            let object = try open(group)
            try check(object, is: H5O_TYPE_GROUP, group)
            for name in try linkNames(of: object) {
                guard found.count < Limit.objects else {
                    throw .hdf5(path: path, problem: "it has more than \(Limit.objects) objects")
                }
                found.append(try dataset(group + "/" + name, fileSize: fileSize))
            }
        }
        try checkDisjoint(found)
        return found
    }

    /// Reads a dataset, some whole rows at a time and in order.
    func read(
        _ dataset: HDF5Dataset,
        _ body: (_ first: Int, _ values: [Float]) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        Self.enter()
        defer { Self.library.unlock() }
        let object = try open(dataset.path)
        let space = try Handle(H5Dget_space(object.id), H5Sclose, path)
        try forEachRowBlock(of: dataset.shape, in: space) { memory, range throws(CheckpointError) in
            var values = [Float](repeating: 0, count: range.count)
            let status = unsafe H5Dread(
                object.id, chdf5_native_float(), memory, space.id, chdf5_defaults(), &values)
            guard status >= 0 else { throw failure("read") }
            try body(range.lowerBound, values)
        }
    }

    /// The root's attributes: 64-bit integers as decimal text, and texts.
    func attributes() throws(CheckpointError) -> [String: String] {
        Self.enter()
        defer { Self.library.unlock() }
        let root = try open("/")
        let (_, _, count) = try describe(root, "/")
        guard count <= Limit.attributes else { throw refused("/", "too many attributes") }
        var result: [String: String] = [:]
        for index in 0..<hsize_t(count) {
            var bytes = [CChar](repeating: 0, count: Limit.nameBytes + 1)
            let length = unsafe H5Aget_name_by_idx(
                root.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, &bytes, bytes.count,
                chdf5_defaults())
            let name = try checkedName(bytes, length)
            result[name] = try attribute(name)
        }
        return result
    }

    private func attribute(_ name: String) throws(CheckpointError) -> String {
        let attribute = try Handle(unsafe H5Aopen(id, name, chdf5_defaults()), H5Aclose, path)
        let space = try Handle(H5Aget_space(attribute.id), H5Sclose, path)
        let type = try Handle(H5Aget_type(attribute.id), H5Tclose, path)
        guard H5Sget_simple_extent_type(space.id) == H5S_SCALAR, H5Tcommitted(type.id) == 0 else {
            throw refused("/", "attribute \(name) is not a single plain value")
        }
        if H5Tequal(type.id, chdf5_int64()) > 0 {
            var value: [Int64] = [0]
            guard unsafe H5Aread(attribute.id, chdf5_int64(), &value) >= 0 else {
                throw failure("read")
            }
            return String(value[0])
        }
        let size = H5Tget_size(type.id)
        guard H5Tget_class(type.id) == H5T_STRING, H5Tis_variable_str(type.id) == 0,
            size <= Limit.attributeBytes
        else { throw refused("/", "attribute \(name) is neither an integer nor a short text") }
        var bytes = [UInt8](repeating: 0, count: size)
        guard unsafe H5Aread(attribute.id, type.id, &bytes) >= 0 else { throw failure("read") }
        guard let text = String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self) else {
            throw refused("/", "attribute \(name) is not UTF-8")
        }
        return text
    }

    /// The names in a group, all of them hard links.
    private func linkNames(of group: borrowing Handle) throws(CheckpointError) -> [String] {
        var info = H5G_info_t()
        guard unsafe H5Gget_info(group.id, &info) >= 0, info.nlinks <= Limit.objects else {
            throw refused("/", "a group with too many links")
        }
        var names: [String] = []
        for index in 0..<info.nlinks {
            guard chdf5_link_kind(group.id, index) == Int32(H5L_TYPE_HARD.rawValue) else {
                throw refused("/", "a link that is not a hard link")
            }
            var bytes = [CChar](repeating: 0, count: Limit.nameBytes + 1)
            let length = unsafe H5Lget_name_by_idx(
                group.id, ".", H5_INDEX_NAME, H5_ITER_INC, index, &bytes, bytes.count,
                chdf5_defaults())
            names.append(try checkedName(bytes, length))
        }
        return names
    }

    private func dataset(_ name: String, fileSize: Int) throws(CheckpointError) -> HDF5Dataset {
        let object = try open(name)
        try check(object, is: H5O_TYPE_DATASET, name)
        let creation = try Handle(H5Dget_create_plist(object.id), H5Pclose, path)
        guard H5Pget_layout(creation.id) == H5D_CONTIGUOUS else {
            throw refused(name, "its layout is not contiguous")
        }
        guard H5Pget_external_count(creation.id) == 0 else {
            throw refused(name, "its values lie in another file")
        }
        guard H5Pget_nfilters(creation.id) == 0 else { throw refused(name, "it has filters") }
        let type = try Handle(H5Dget_type(object.id), H5Tclose, path)
        guard H5Tcommitted(type.id) == 0, H5Tequal(type.id, chdf5_float32()) > 0 else {
            throw refused(name, "its elements are not little-endian 32-bit floats")
        }
        let shape = try shape(of: object, name)
        let size = try byteCount(shape, name)
        let start = H5Dget_offset(object.id)
        guard H5Dget_storage_size(object.id) == hsize_t(size), start < haddr_t(fileSize),
            Int(start) + size <= fileSize
        else { throw refused(name, "its values are not stored whole in the file") }
        return HDF5Dataset(path: name, shape: shape, bytes: Int(start)..<Int(start) + size)
    }

    private func shape(
        of dataset: borrowing Handle, _ name: String
    ) throws(CheckpointError) -> [Int] {
        let space = try Handle(H5Dget_space(dataset.id), H5Sclose, path)
        let rank = Int(H5Sget_simple_extent_ndims(space.id))
        guard H5Sget_simple_extent_type(space.id) == H5S_SIMPLE, (1...Limit.dimensions) ~= rank
        else { throw refused(name, "its shape is not simple") }
        var current = [hsize_t](repeating: 0, count: rank)
        var largest = [hsize_t](repeating: 0, count: rank)
        guard unsafe H5Sget_simple_extent_dims(space.id, &current, &largest) == Int32(rank),
            current == largest
        else { throw refused(name, "its shape can grow") }
        var shape: [Int] = []
        for dimension in current {
            guard let value = Int(exactly: dimension), value > 0 else {
                throw refused(name, "a dimension of \(dimension)")
            }
            shape.append(value)
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

    private func open(_ name: String) throws(CheckpointError) -> Handle {
        guard
            let handle = try? Handle(
                unsafe H5Oopen(id, name, chdf5_defaults()), H5Oclose, path)
        else { throw refused(name, "it cannot be opened") }
        return handle
    }

    private func describe(
        _ object: borrowing Handle, _ name: String
    ) throws(CheckpointError) -> (kind: Int32, references: UInt32, attributes: Int) {
        var references: UInt32 = 0
        var attributes: hsize_t = 0
        let kind = unsafe chdf5_object(object.id, &references, &attributes)
        guard kind >= 0, let count = Int(exactly: attributes) else {
            throw refused(name, "its header cannot be read")
        }
        return (kind, references, count)
    }

    private func check(
        _ object: borrowing Handle, is kind: H5O_type_t, _ name: String
    ) throws(CheckpointError) {
        let (found, references, attributes) = try describe(object, name)
        guard found == Int32(kind.rawValue) else {
            throw refused(name, "it is not a \(kind == H5O_TYPE_GROUP ? "group" : "dataset")")
        }
        guard references == 1 else { throw refused(name, "it has \(references) links") }
        guard attributes == 0 else { throw refused(name, "it has attributes") }
    }

    /// Letters, digits, `_` and `.` only, so that a name can neither be a path nor drive a terminal.
    private func checkedName(_ bytes: [CChar], _ length: Int) throws(CheckpointError) -> String {
        guard (1...Limit.nameBytes) ~= length else { throw refused("/", "a name too long") }
        let name = bytes[..<length].map(UInt8.init(bitPattern:))
        let isPlain = name.allSatisfy {
            (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
                || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
        guard isPlain, name != [UInt8(ascii: ".")] else {
            throw refused(CheckpointError.printable(name), "an unexpected name")
        }
        return String(decoding: name, as: UTF8.self)
    }

    private func refused(_ name: String, _ problem: String) -> CheckpointError {
        .hdf5(path: path, problem: "\(name): \(problem)")
    }
}
