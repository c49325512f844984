package import Autograd
package import Kernels
import LanguageModel

/// Reads a checkpoint that dpscribe wrote, and nothing else.
///
/// The sidecar's digest is checked first; then the superblock, every object and every attribute are
/// held to `CheckpointSchema`. Not Sendable: it owns an open file.
package struct CheckpointReader {
    private let file: HDF5Reader
    private let datasets: [CheckpointSchema.Section: [String: HDF5Dataset]]
    /// Where it lies.
    let path: String
    /// What the checkpoint says about itself.
    package let header: CheckpointHeader
    /// The groups that it has; `parameters` is always there and fits the configuration.
    package var sections: Set<CheckpointSchema.Section> { Set(datasets.keys) }

    /// The rank of the adapters, if there are any.
    package var adapterRank: Int? {
        datasets[.adapters]?.values.filter { $0.shape.count == 2 }.compactMap { $0.shape.min() }
            .min()
    }

    /// Opens a checkpoint after comparing it with its sidecar.
    package init(path: String) throws(CheckpointError) {
        try FileDigest.check(path)
        try self.init(verifying: path)
    }

    /// Opens a file that this process just wrote, or whose digest it just checked.
    init(verifying path: String) throws(CheckpointError) {
        self.path = path
        file = try HDF5Reader(path: path)
        header = try Self.header(of: file)
        datasets = try Self.datasets(of: file)
        try check(.parameters, fits: DecoderParameters.layout(of: header.configuration))
    }

    /// What a checkpoint says about itself, by its header alone: neither digest nor tensors are
    /// looked at, so nothing may be concluded from it without `FileDigest.check`.
    package static func header(ofFile path: String) throws(CheckpointError) -> CheckpointHeader {
        try header(of: HDF5Reader(path: path))
    }

    /// The checkpoints of a folder, newest first, valid or not.
    package static func checkpoints(
        in folder: String
    ) throws(CheckpointError) -> [(step: Int, path: String)] {
        try Storage.names(in: folder)
            .compactMap { name in
                CheckpointSchema.step(ofFileName: name).map { ($0, folder + "/" + name) }
            }
            .sorted { $0.step > $1.step }
    }

    /// Opens the newest valid checkpoint of a folder.
    ///
    /// - Returns: The reader, and why newer files were passed over, to be told to the user.
    package static func openNewest(
        in folder: String
    ) throws(CheckpointError) -> (reader: CheckpointReader, damaged: [CheckpointError]) {
        var damaged: [CheckpointError] = []
        for checkpoint in try checkpoints(in: folder) {
            do throws(CheckpointError) {
                return (try CheckpointReader(path: checkpoint.path), damaged)
            } catch {
                damaged.append(error)
            }
        }
        throw damaged.first ?? .noCheckpoint(folder: folder)
    }

    /// Copies a section into a buffer that `layout` describes; names and shapes must be the same.
    package func read(
        _ section: CheckpointSchema.Section,
        into buffer: FloatBuffer,
        layout: ParameterLayout
    ) throws(CheckpointError) {
        precondition(buffer.count == layout.count, "\(buffer.count) values for \(layout.count)")
        try forEachPiece(of: section, layout: layout) { first, values in
            buffer.store(values, at: first)
        }
    }

    /// Calls `body` with the places in a buffer and the values, tensor after tensor.
    func forEachPiece(
        of section: CheckpointSchema.Section,
        layout: ParameterLayout,
        _ body: (_ first: Int, _ values: [Float]) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        try check(section, fits: layout)
        for entry in layout.entries {
            guard let dataset = datasets[section]?[entry.name] else { continue }
            try file.read(dataset) { first, values throws(CheckpointError) in
                try body(entry.offset + first, values)
            }
        }
    }

    private func check(
        _ section: CheckpointSchema.Section,
        fits layout: ParameterLayout
    ) throws(CheckpointError) {
        let name = section.rawValue
        guard let found = datasets[section] else {
            throw .hdf5(path: file.path, problem: "it has no group \(name)")
        }
        for entry in layout.entries {
            guard let dataset = found[entry.name] else {
                throw .hdf5(path: file.path, problem: "\(name) has no \(entry.name)")
            }
            guard dataset.shape == entry.shape else {
                throw .hdf5(
                    path: file.path,
                    problem: "\(dataset.path) has the shape \(dataset.shape) instead of "
                        + "\(entry.shape)"
                )
            }
        }
        guard found.count == layout.entries.count else {
            throw .hdf5(
                path: file.path,
                problem: "\(name) has \(found.count) tensors instead of \(layout.entries.count)"
            )
        }
    }

    private static func datasets(
        of file: HDF5Reader
    ) throws(CheckpointError) -> [CheckpointSchema.Section: [String: HDF5Dataset]] {
        var result: [CheckpointSchema.Section: [String: HDF5Dataset]] = [:]
        for dataset in try file.datasets() {
            let (group, name) = Storage.split(dataset.path)
            guard let section = CheckpointSchema.Section(rawValue: group) else {
                throw .hdf5(path: file.path, problem: "it has an unknown group \(group)")
            }
            result[section, default: [:]][name] = dataset
        }
        return result
    }

    private static func header(of file: HDF5Reader) throws(CheckpointError) -> CheckpointHeader {
        let attributes = try file.attributes()
        let expected = Set(CheckpointSchema.Attribute.allCases.map(\.rawValue))
        guard Set(attributes.keys) == expected else {
            throw .hdf5(path: file.path, problem: "its attributes are not those of a checkpoint")
        }
        func value(_ attribute: CheckpointSchema.Attribute) -> String {
            attributes[attribute.rawValue] ?? ""
        }
        guard value(.format) == CheckpointSchema.format,
            value(.formatVersion) == String(CheckpointSchema.formatVersion)
        else {
            throw .hdf5(
                path: file.path,
                problem: "its format is not version \(CheckpointSchema.formatVersion)"
            )
        }
        guard let step = Int(value(.step)), step >= 0 else {
            throw .hdf5(path: file.path, problem: "its step is not a number of steps")
        }
        do throws(DecoderConfigurationError) {
            return CheckpointHeader(
                step: step,
                configuration: try DecoderConfiguration(
                    huggingFaceJSON: Array(value(.configuration).utf8)
                ),
                state: value(.state),
                productVersion: value(.productVersion)
            )
        } catch {
            throw .configuration(path: file.path, problem: error)
        }
    }
}
