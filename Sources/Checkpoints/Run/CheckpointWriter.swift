import Autograd
import Kernels
import LanguageModel

/// Writes the checkpoints of one run folder.
///
/// - A crash, a full disk or an error at any point leaves the newest earlier checkpoint valid.
/// - A file is readable by its owner only (0600) and appears complete: written under a hidden
///   name, synced, read back value by value, its digest written, then renamed.
/// - At least the last `generations` checkpoints are kept.
package struct CheckpointWriter: Sendable {
    private let folder: String
    private let generations: Int
    private let storage: Storage

    /// Creates a writer and removes what an interrupted one left behind.
    ///
    /// - Parameters:
    ///   - folder: The run's folder, which exists and has no other writer.
    ///   - generations: How many checkpoints to keep, at least 2.
    package init(
        folder: String, generations: Int = 2, storage: Storage = Storage()
    ) throws(CheckpointError) {
        precondition(generations >= 2, "generations is \(generations); it must be at least 2")
        self.folder = folder
        self.generations = generations
        self.storage = storage
        try storage.removePartialFiles(in: folder)
        try removeOrphanedSidecars()
    }

    /// Writes `step-NNNNNN.h5` and its sidecar; returns the checkpoint's path once it is durable.
    package func write(
        _ header: CheckpointHeader, _ sections: [CheckpointSection]
    ) throws(CheckpointError) -> String {
        let path = folder + "/" + CheckpointSchema.fileName(step: header.step)
        try Self.write(header, sections, to: path, isPrivate: true, storage)
        try removeOldGenerations(newest: header.step)
        return path
    }

    /// Writes a checkpoint or model of any name, with its sidecar.
    static func write(
        _ header: CheckpointHeader, _ sections: [CheckpointSection], to path: String,
        isPrivate: Bool, _ storage: Storage
    ) throws(CheckpointError) {
        try storage.replace(path) { partial throws(CheckpointError) in
            _ = try OutputFile(creating: partial, isPrivate: isPrivate, storage: storage)
            try writeContent(header, sections, to: partial, storage)
            try storage.synchronize(partial)
            try verify(partial, header, sections, shownPath: path)
            let sidecar = try FileDigest(of: partial).sidecar(for: path)
            // First the digest, then what it is of: a digest without a file harms nothing.
            try storage.replace(FileDigest.sidecarPath(of: path)) {
                hidden throws(CheckpointError) in
                var file = try OutputFile(creating: hidden, isPrivate: isPrivate, storage: storage)
                try file.write(sidecar)
                _ = try file.synchronize()
            }
        }
    }

    private static func writeContent(
        _ header: CheckpointHeader, _ sections: [CheckpointSection], to partial: String,
        _ storage: Storage
    ) throws(CheckpointError) {
        let file = try HDF5File(writing: partial)
        for attribute in CheckpointSchema.Attribute.allCases {
            switch attribute {
            case .format: try file.writeAttribute(attribute.rawValue, CheckpointSchema.format)
            case .formatVersion:
                try file.writeAttribute(attribute.rawValue, CheckpointSchema.formatVersion)
            case .productVersion:
                try file.writeAttribute(attribute.rawValue, header.productVersion)
            case .step: try file.writeAttribute(attribute.rawValue, header.step)
            case .configuration:
                try file.writeAttribute(
                    attribute.rawValue, header.configuration.huggingFaceJSON())
            case .state: try file.writeAttribute(attribute.rawValue, header.state)
            }
        }
        for section in sections {
            try file.createGroup(section.section.rawValue)
            for entry in section.layout.entries {
                try storage.announce(.write, partial)
                let name = section.section.rawValue + "/" + entry.name
                try file.writeDataset(name, shape: entry.shape) { range in
                    section.values.values(
                        entry.offset + range.lowerBound..<entry.offset + range.upperBound)
                }
            }
        }
        try storage.announce(.write, partial)
        try file.close()
    }

    /// Reads everything back and compares bit patterns.
    private static func verify(
        _ partial: String, _ header: CheckpointHeader, _ sections: [CheckpointSection],
        shownPath: String
    ) throws(CheckpointError) {
        let reader = try CheckpointReader(verifying: partial)
        guard reader.header == header, reader.sections == Set(sections.map(\.section)) else {
            throw .verification(path: shownPath)
        }
        for section in sections {
            try reader.forEachPiece(of: section.section, layout: section.layout) {
                first, values throws(CheckpointError) in
                let written = section.values.values(first..<first + values.count)
                let same = zip(values, written).allSatisfy { $0.bitPattern == $1.bitPattern }
                guard same else { throw .verification(path: shownPath) }
            }
        }
    }

    private func removeOldGenerations(newest: Int) throws(CheckpointError) {
        let old = try CheckpointReader.checkpoints(in: folder).filter { $0.step < newest }
        for checkpoint in old.dropFirst(generations - 1) {
            try storage.remove(checkpoint.path)
            try storage.remove(FileDigest.sidecarPath(of: checkpoint.path))
        }
    }

    private func removeOrphanedSidecars() throws(CheckpointError) {
        let names = Set(try Storage.names(in: folder))
        for name in names where name.hasSuffix(".h5.sha256") {
            let checkpoint = String(name.dropLast(7))
            guard CheckpointSchema.step(ofFileName: checkpoint) != nil,
                !names.contains(checkpoint)
            else { continue }
            try storage.remove(folder + "/" + name)
        }
    }
}
