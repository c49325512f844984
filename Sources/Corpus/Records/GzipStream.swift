import CZlib
import Foundation

/// Reads or writes gzip through an open file, by zlib.
///
/// Streams: a file that unpacks to far more than its size takes time, not memory. What is read and
/// is not gzip comes out as it is; several members one after another are one stream.
@safe final class GzipStream {
    /// What the stream is for.
    enum Direction: String {
        case reading = "rb"
        case writing = "wb6"
    }

    /// Why a stream ended too early.
    enum Failure: Error, Equatable {
        /// The compressed bytes are damaged, or end in the middle.
        case damaged
        /// The operating system's error code.
        case system(Int32)
    }

    private let file: gzFile
    private var isOpen = true
    private var piece: [UInt8] = []

    /// The largest piece that zlib is asked for.
    private static let pieceSize = 1 << 18

    /// Works on a copy of the descriptor; nil if the system has none left.
    init?(_ handle: FileHandle, _ direction: Direction) {
        let copy = dup(handle.fileDescriptor)
        guard copy >= 0 else { return nil }
        guard let file = unsafe gzdopen(copy, direction.rawValue) else {
            Foundation.close(copy)
            return nil
        }
        unsafe self.file = file
    }

    deinit { if isOpen { _ = unsafe gzclose(file) } }

    /// Appends up to `count` unpacked bytes; false at the end.
    func read(_ count: Int, into buffer: inout [UInt8]) throws(Failure) -> Bool {
        let count = min(count, Self.pieceSize)
        if piece.count < count { piece = [UInt8](repeating: 0, count: count) }
        let found = unsafe gzread(file, &piece, UInt32(count))
        // At the end too: bytes that are cut off show only there.
        if Int(found) < count { try check() }
        buffer.append(contentsOf: piece[..<max(Int(found), 0)])
        return found > 0
    }

    /// Packs further bytes.
    func write(_ bytes: [UInt8]) throws(Failure) {
        for start in stride(from: 0, to: bytes.count, by: Self.pieceSize) {
            let part = Array(bytes[start..<min(start + Self.pieceSize, bytes.count)])
            let written = unsafe gzwrite(file, part, UInt32(part.count))
            guard Int(written) == part.count else { throw failure() }
        }
    }

    /// Writes what is left; the descriptor that the stream was opened on stays open.
    func finish() throws(Failure) {
        isOpen = false
        let code = unsafe gzclose(file)
        guard code == Z_OK else { throw code == Z_ERRNO ? .system(errno) : .damaged }
    }

    private func check() throws(Failure) {
        var code: Int32 = 0
        _ = unsafe gzerror(file, &code)
        guard code == Z_OK || code == Z_STREAM_END else { throw failure() }
    }

    private func failure() -> Failure {
        let system = errno
        var code: Int32 = 0
        _ = unsafe gzerror(file, &code)
        return code == Z_ERRNO ? .system(system) : .damaged
    }
}
