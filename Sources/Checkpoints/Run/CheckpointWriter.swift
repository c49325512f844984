import Autograd
import Kernels
import LanguageModel

/// Writes the checkpoints of one run folder.
///
/// - A crash, a full disk or an error at any point leaves the newest earlier checkpoint valid.
/// - A file is readable by its owner only (0600) and appears complete: written under a hidden
///   name, synced, read back, its digest written, then renamed.
/// - At least the last `generations` checkpoints are kept.
package struct CheckpointWriter: Sendable {
    private let folder: String
    private let generations: Int

    /// Creates a writer and removes what an interrupted one left behind.
    ///
    /// - Parameters:
    ///   - folder: The run's folder, which exists and has no other writer.
    ///   - generations: How many checkpoints to keep, at least 2.
    /// - Throws: `CheckpointError` if the folder is missing or cannot be changed.
    package init(folder: String, generations: Int = 2) throws(CheckpointError) {
        precondition(generations >= 2, "generations is \(generations); it must be at least 2")
        self.folder = folder
        self.generations = generations
        try Storage.removePartialFiles(in: folder)
        try removeOrphanedSidecars()
    }

    /// Writes `step-NNNNNN.h5` and its sidecar; returns the checkpoint's path once it is durable.
    package func write(
        _ header: CheckpointHeader,
        _ sections: [CheckpointSection]
    ) throws(CheckpointError) -> String {
        let path = folder + "/" + CheckpointSchema.fileName(step: header.step)
        try Self.write(header, sections, to: path, isPrivate: true)
        try removeOldGenerations(newest: header.step)
        return path
    }

    /// Writes a checkpoint or model of any name, with its sidecar.
    static func write(
        _ header: CheckpointHeader,
        _ sections: [CheckpointSection],
        to path: String,
        isPrivate: Bool
    ) throws(CheckpointError) {
        try Storage.replace(path) { partial throws(CheckpointError) in
            let metadata = metadata(header, sections)
            let digest = try writeContent(metadata, sections, to: partial, isPrivate: isPrivate)
            try verify(partial, metadata, header, sections, shownPath: path)
            // First the digest, then what it is of: a digest without a file harms nothing.
            try Storage.replace(FileDigest.sidecarPath(of: path)) {
                hidden throws(CheckpointError) in
                var file = try OutputFile(creating: hidden, isPrivate: isPrivate)
                try file.write(digest.sidecar(for: path))
                _ = try file.synchronize()
            }
        }
    }

    private static func metadata(
        _ header: CheckpointHeader,
        _ sections: [CheckpointSection]
    ) -> HDF5Metadata {
        HDF5Metadata(
            attributes: CheckpointSchema.Attribute.allCases.map { ($0.rawValue, header[$0]) },
            groups: sections.map { section in
                HDF5Metadata.Group(
                    name: section.section.rawValue,
                    datasets: section.layout.entries.map { ($0.name, $0.shape) }
                )
            }
        )
    }

    private static func writeContent(
        _ metadata: HDF5Metadata,
        _ sections: [CheckpointSection],
        to partial: String,
        isPrivate: Bool
    ) throws(CheckpointError) -> FileDigest {
        var file = try OutputFile(creating: partial, isPrivate: isPrivate)
        try file.write(metadata.bytes)
        for section in sections {
            for entry in section.layout.entries {
                for piece in entry.pieces(of: OutputFile.valuesAtOnce) {
                    try file.write(section.values.values(piece))
                }
            }
        }
        return try file.synchronize()
    }

    /// Reads everything back: metadata byte by byte, values bit by bit.
    ///
    /// Not by digest: the file was hashed when it was written, and once more would take longer.
    private static func verify(
        _ partial: String,
        _ metadata: HDF5Metadata,
        _ header: CheckpointHeader,
        _ sections: [CheckpointSection],
        shownPath: String
    ) throws(CheckpointError) {
        var front = [UInt8](repeating: 0, count: metadata.bytes.count)
        try InputFile(partial).read(front.count, into: &front, at: 0)
        guard front == metadata.bytes else { throw .verification(path: shownPath) }
        let reader = try CheckpointReader(verifying: partial)
        guard reader.header == header, reader.sections == Set(sections.map(\.section)) else {
            throw .verification(path: shownPath)
        }
        for section in sections {
            try reader.forEachPiece(of: section.section, layout: section.layout) {
                first,
                values throws(CheckpointError) in
                let written = section.values.values(first..<first + values.count)
                let same = zip(values, written).allSatisfy { $0.bitPattern == $1.bitPattern }
                guard same else { throw .verification(path: shownPath) }
            }
        }
    }

    private func removeOldGenerations(newest: Int) throws(CheckpointError) {
        let old = try CheckpointReader.checkpoints(in: folder).filter { $0.step < newest }
        for checkpoint in old.dropFirst(generations - 1) {
            try Storage.remove(checkpoint.path)
            try Storage.remove(FileDigest.sidecarPath(of: checkpoint.path))
        }
    }

    private func removeOrphanedSidecars() throws(CheckpointError) {
        let names = Set(try Storage.names(in: folder))
        for name in names where name.hasSuffix(".h5.sha256") {
            let checkpoint = String(name.dropLast(7))
            guard CheckpointSchema.step(ofFileName: checkpoint) != nil,
                !names.contains(checkpoint)
            else { continue }
            try Storage.remove(folder + "/" + name)
        }
    }
}

extension CheckpointHeader {
    /// The header's part that an attribute of the file holds.
    fileprivate subscript(attribute: CheckpointSchema.Attribute) -> HDF5Metadata.Value {
        switch attribute {
        case .format: .text(CheckpointSchema.format)
        case .formatVersion: .integer(CheckpointSchema.formatVersion)
        case .productVersion: .text(productVersion)
        case .step: .integer(step)
        case .configuration: .text(configuration.huggingFaceJSON())
        case .state: .text(state)
        }
    }
}
