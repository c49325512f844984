import Cryptography
import Foundation

/// The SHA-256 of a file, and the sidecar that holds it.
package struct FileDigest: Equatable, Sendable, CustomStringConvertible {
    /// Lower-case hexadecimal.
    package let description: String

    init(_ digest: [UInt8]) {
        description = digest.hexadecimal
    }

    /// Of bytes in memory.
    init(of bytes: [UInt8]) { self.init(SHA256.hash(bytes)) }

    /// Reads the whole file, in pieces.
    package init(of path: String) throws(CheckpointError) {
        let file = try InputFile(path)
        var hash = SHA256()
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        var offset = 0
        while offset < file.size {
            let count = min(piece.count, file.size - offset)
            try file.read(count, into: &piece, at: offset)
            hash.update(piece[..<count])
            offset += count
        }
        self.init(hash.finalize())
    }

    /// The file beside `path` that holds its digest.
    package static func sidecarPath(of path: String) -> String { path + ".sha256" }

    /// A sidecar's text, as `sha256sum --check` reads it.
    func sidecar(for path: String) -> [UInt8] {
        Array("\(description)  \(Storage.split(path).name)\n".utf8)
    }

    /// Throws unless the file's content is what its sidecar says.
    package static func check(_ path: String) throws(CheckpointError) {
        let sidecarPath = sidecarPath(of: path)
        let written: [UInt8]
        do {
            written = try InputFile(sidecarPath).contents(limit: 4096)
        } catch .noSuchFile {
            throw .digest(path: path, problem: "there is no \(Storage.split(sidecarPath).name)")
        }
        let digest = try FileDigest(of: path)
        guard written == digest.sidecar(for: path) else {
            throw .digest(path: path, problem: "its SHA-256 is not the one in its sidecar")
        }
    }
}
