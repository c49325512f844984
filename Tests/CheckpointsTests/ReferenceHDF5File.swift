import CHDF5
import Foundation

@testable import Checkpoints

/// A file that libhdf5 reads or writes: the reference for our own reader and writer.
///
/// Every handle is owned by one value that closes it, and every call is made under one lock, as
/// the library keeps global state.
final class ReferenceHDF5File {
    /// libhdf5 is not safe to call from two threads at once.
    static let lock = NSLock()

    /// Takes the lock; silences the library, which keeps that setting for each thread.
    static func enter() {
        lock.lock()
        chdf5_prepare()
    }

    /// Where the file lies, for messages.
    let path: String
    private var file: Handle

    /// Starts an empty file over one that was just created and is still empty.
    init(writing path: String) throws(CheckpointError) {
        Self.enter()
        defer { Self.lock.unlock() }
        let creation = try Handle(H5Pcreate(chdf5_file_creation()), H5Pclose, path)
        _ = H5Pset_obj_track_times(creation.id, false)
        let access = try Self.accessProperties(path)
        file = try Handle(
            unsafe H5Fcreate(path, chdf5_truncate(), creation.id, access.id),
            H5Fclose,
            path
        )
        self.path = path
    }

    /// Opens a file to read.
    init(reading path: String) throws(CheckpointError) {
        Self.enter()
        defer { Self.lock.unlock() }
        file = try Handle(
            unsafe H5Fopen(path, chdf5_read_only(), chdf5_defaults()),
            H5Fclose,
            path
        )
        self.path = path
    }

    /// The values of a dataset of that many.
    func values(_ name: String, count: Int) throws(CheckpointError) -> [Float] {
        Self.enter()
        defer { Self.lock.unlock() }
        let dataset = try Handle(unsafe H5Dopen2(id, name, chdf5_defaults()), H5Dclose, path)
        let space = try Handle(H5Dget_space(dataset.id), H5Sclose, path)
        guard H5Sget_simple_extent_npoints(space.id) == hssize_t(count) else {
            throw failure("count")
        }
        var values = [Float](repeating: .nan, count: count)
        let status = unsafe H5Dread(
            dataset.id,
            chdf5_native_float(),
            0,
            0,
            chdf5_defaults(),
            &values
        )
        guard status >= 0 else { throw failure("read") }
        return values
    }

    /// How many attributes the root has.
    func attributeCount() throws(CheckpointError) -> Int {
        Self.enter()
        defer { Self.lock.unlock() }
        let root = try Handle(unsafe H5Gopen2(id, "/", chdf5_defaults()), H5Gclose, path)
        return Int(H5Aget_num_attrs(root.id))
    }

    /// A text among the root's attributes.
    func text(_ name: String) throws(CheckpointError) -> String {
        Self.enter()
        defer { Self.lock.unlock() }
        let attribute = try Handle(unsafe H5Aopen(id, name, chdf5_defaults()), H5Aclose, path)
        let type = try Handle(H5Aget_type(attribute.id), H5Tclose, path)
        var bytes = [UInt8](repeating: 0, count: H5Tget_size(type.id))
        guard unsafe H5Aread(attribute.id, type.id, &bytes) >= 0 else { throw failure("read") }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// An integer among the root's attributes.
    func integer(_ name: String) throws(CheckpointError) -> Int {
        Self.enter()
        defer { Self.lock.unlock() }
        let attribute = try Handle(unsafe H5Aopen(id, name, chdf5_defaults()), H5Aclose, path)
        var number = [Int64.min]
        guard unsafe H5Aread(attribute.id, chdf5_int64(), &number) >= 0 else {
            throw failure("read")
        }
        return Int(number[0])
    }

    deinit {
        Self.enter()
        defer { Self.lock.unlock() }
        _ = file.close()
    }

    /// The file's own handle.
    var id: hid_t { file.id }

    /// Superblock 2 and version-2 object headers, both with checksums; closing closes all objects.
    private static func accessProperties(_ path: String) throws(CheckpointError) -> Handle {
        let access = try Handle(H5Pcreate(chdf5_file_access()), H5Pclose, path)
        _ = H5Pset_libver_bounds(access.id, H5F_LIBVER_V18, H5F_LIBVER_V18)
        _ = H5Pset_fclose_degree(access.id, H5F_CLOSE_STRONG)
        return access
    }

    /// Hands everything to the operating system and closes; not yet synced.
    func close() throws(CheckpointError) {
        Self.enter()
        defer { Self.lock.unlock() }
        errno = 0
        guard file.close() else { throw failure("close") }
    }

    /// Adds a group below the root.
    func createGroup(_ name: String) throws(CheckpointError) {
        Self.enter()
        defer { Self.lock.unlock() }
        let creation = try Handle(H5Pcreate(chdf5_group_creation()), H5Pclose, path)
        _ = H5Pset_obj_track_times(creation.id, false)
        let defaults = chdf5_defaults()
        _ = try Handle(
            unsafe H5Gcreate2(id, name, defaults, creation.id, defaults),
            H5Gclose,
            path
        )
    }

    /// Adds a 64-bit integer to the root's attributes.
    func writeAttribute(_ name: String, _ value: Int) throws(CheckpointError) {
        Self.enter()
        defer { Self.lock.unlock() }
        let space = try Handle(H5Screate(H5S_SCALAR), H5Sclose, path)
        let attribute = try createAttribute(name, chdf5_int64(), space)
        guard unsafe H5Awrite(attribute.id, chdf5_int64(), [Int64(value)]) >= 0 else {
            throw failure("write")
        }
    }

    /// Adds a text to the root's attributes, UTF-8 of fixed length.
    func writeAttribute(_ name: String, _ value: String) throws(CheckpointError) {
        Self.enter()
        defer { Self.lock.unlock() }
        let bytes = value.isEmpty ? [0] : Array(value.utf8)
        let space = try Handle(H5Screate(H5S_SCALAR), H5Sclose, path)
        let type = try Handle(H5Tcopy(chdf5_c_string()), H5Tclose, path)
        _ = H5Tset_size(type.id, bytes.count)
        _ = H5Tset_strpad(type.id, H5T_STR_NULLPAD)
        _ = H5Tset_cset(type.id, H5T_CSET_UTF8)
        let attribute = try createAttribute(name, type.id, space)
        guard unsafe H5Awrite(attribute.id, type.id, bytes) >= 0 else { throw failure("write") }
    }

    private func createAttribute(
        _ name: String,
        _ type: hid_t,
        _ space: borrowing Handle
    ) throws(CheckpointError) -> Handle {
        let defaults = chdf5_defaults()
        return try Handle(
            unsafe H5Acreate2(id, name, type, space.id, defaults, defaults),
            H5Aclose,
            path
        )
    }

    /// Adds a contiguous dataset of little-endian Float32 and writes it a few rows at a time.
    ///
    /// - Parameters:
    ///   - name: Group and name.
    ///   - shape: Outermost dimension first, at least one dimension, none of them 0.
    ///   - piece: Gives the values of a range of the flattened tensor.
    /// - Throws: `CheckpointError` if the library or `piece` fails.
    func writeDataset(
        _ name: String,
        shape: [Int],
        _ piece: (Range<Int>) throws(CheckpointError) -> [Float]
    ) throws(CheckpointError) {
        Self.enter()
        defer { Self.lock.unlock() }
        errno = 0
        let creation = try Handle(H5Pcreate(chdf5_dataset_creation()), H5Pclose, path)
        _ = H5Pset_layout(creation.id, H5D_CONTIGUOUS)
        _ = H5Pset_fill_time(creation.id, H5D_FILL_TIME_NEVER)
        _ = H5Pset_obj_track_times(creation.id, false)
        let space = try Handle(
            unsafe H5Screate_simple(Int32(shape.count), shape.map(hsize_t.init), nil),
            H5Sclose,
            path
        )
        let defaults = chdf5_defaults()
        let dataset = try Handle(
            unsafe H5Dcreate2(
                id,
                name,
                chdf5_float32(),
                space.id,
                defaults,
                creation.id,
                defaults
            ),
            H5Dclose,
            path
        )
        try forEachRowBlock(of: shape, in: space) { memory, range throws(CheckpointError) in
            let values = try piece(range)
            let status = unsafe H5Dwrite(
                dataset.id,
                chdf5_native_float(),
                memory,
                space.id,
                defaults,
                values
            )
            guard status >= 0 else { throw failure("write") }
        }
    }

    /// Selects block after block of whole rows; calls `body` with a matching memory space.
    func forEachRowBlock(
        of shape: [Int],
        in space: borrowing Handle,
        _ body: (_ memory: hid_t, _ elements: Range<Int>) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        let rowSize = shape.dropFirst().reduce(1, *)
        let rowsAtOnce = max(1, Self.elementsAtOnce / rowSize)
        var row = 0
        while row < shape[0] {
            let rows = min(rowsAtOnce, shape[0] - row)
            var start = shape.map { _ in hsize_t(0) }
            var count = shape.map(hsize_t.init)
            start[0] = hsize_t(row)
            count[0] = hsize_t(rows)
            let memory = try Handle(
                unsafe H5Screate_simple(1, [hsize_t(rows * rowSize)], nil),
                H5Sclose,
                path
            )
            guard unsafe H5Sselect_hyperslab(space.id, H5S_SELECT_SET, start, nil, count, nil) >= 0
            else { throw failure("select") }
            try body(memory.id, row * rowSize..<(row + rows) * rowSize)
            row += rows
        }
    }

    /// The error for a call of the library that just failed.
    func failure(_ operation: String) -> CheckpointError {
        Storage.failure(operation, path, code: errno == 0 ? EIO : errno)
    }

    /// Elements per call of the library, 1 MiB: large enough to stream, small beside the model.
    private static let elementsAtOnce = 1 << 18

    /// Owns one of the library's handles.
    struct Handle: ~Copyable {
        let id: hid_t
        private let closing: (hid_t) -> herr_t
        private var isOpen = true

        init(
            _ id: hid_t,
            _ closing: @escaping (hid_t) -> herr_t,
            _ path: String
        ) throws(CheckpointError) {
            guard id >= 0 else {
                throw Storage.failure("use HDF5", path, code: errno == 0 ? EIO : errno)
            }
            self.id = id
            self.closing = closing
        }

        deinit { if isOpen { _ = closing(id) } }

        /// Closes now; false if the library could not.
        mutating func close() -> Bool {
            guard isOpen else { return true }
            isOpen = false
            return closing(id) >= 0
        }
    }
}
