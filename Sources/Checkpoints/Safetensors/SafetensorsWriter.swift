package import Autograd
package import Kernels

/// Writes parameters as a safetensors file, byte for byte as the reference implementation does.
///
/// The same values give the same bytes. Written under a hidden name, synced, read back, renamed.
package struct SafetensorsWriter: Sendable {
    /// How elements are stored.
    package enum Precision: Sendable {
        /// Exact.
        case float32
        /// Rounded to nearest, ties to even; a value beyond 65,504 is an error.
        case float16
    }

    /// Creates a writer.
    package init() {}

    /// Writes the parameters, replacing an existing file at once or not at all.
    ///
    /// - Parameters:
    ///   - layout: Names, shapes and places of the parameters.
    ///   - values: The buffer that the layout describes.
    ///   - precision: How elements are stored.
    ///   - path: The file; its folder exists.
    ///   - isPrivate: Mode 0600 instead of 0644.
    /// - Throws: `CheckpointError`; the earlier file is then untouched.
    package func write(
        _ layout: ParameterLayout,
        _ values: FloatBuffer,
        as precision: Precision,
        to path: String,
        isPrivate: Bool = false
    ) throws(CheckpointError) {
        let entries = layout.entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        try Storage.replace(path) { partial throws(CheckpointError) in
            let written = try writeContent(
                entries,
                values,
                precision,
                to: partial,
                isPrivate: isPrivate,
                shownPath: path
            )
            guard try FileDigest(of: partial) == written,
                try SafetensorsReader(path: partial).header.tensors.map(\.name)
                    == entries.map(\.name)
            else { throw .verification(path: path) }
        }
    }

    private func writeContent(
        _ entries: [ParameterLayout.Entry],
        _ values: FloatBuffer,
        _ precision: Precision,
        to partial: String,
        isPrivate: Bool,
        shownPath: String
    ) throws(CheckpointError) -> FileDigest {
        var file = try OutputFile(creating: partial, isPrivate: isPrivate)
        try file.write(Self.header(of: entries, precision))
        for entry in entries {
            var start = entry.range.lowerBound
            while start < entry.range.upperBound {
                let end = min(start + 1 << 18, entry.range.upperBound)
                let piece = values.values(start..<end)
                guard let bytes = Self.bytes(of: piece, precision) else {
                    throw .model(
                        path: shownPath,
                        problem: "\(entry.name) has a value that is not finite or too large for "
                            + "the precision asked for"
                    )
                }
                try file.write(bytes)
                start = end
            }
        }
        return try file.synchronize()
    }

    /// The elements in little endian, or nil if one cannot be stored.
    private static func bytes(of values: [Float], _ precision: Precision) -> [UInt8]? {
        guard HalfPrecision.areFinite(values) else { return nil }
        var bytes: [UInt8] = []
        switch precision {
        case .float32:
            bytes.reserveCapacity(4 * values.count)
            for value in values {
                let bits = value.bitPattern
                bytes.append(UInt8(truncatingIfNeeded: bits))
                bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
                bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
                bytes.append(UInt8(truncatingIfNeeded: bits >> 24))
            }
        case .float16:
            bytes.reserveCapacity(2 * values.count)
            for value in values {
                let bits = HalfPrecision.float16Bits(of: value)
                guard bits & 0x7C00 != 0x7C00 else { return nil }
                bytes.append(UInt8(truncatingIfNeeded: bits))
                bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
            }
        }
        return bytes
    }

    /// Length and JSON, padded with spaces to a multiple of 8 bytes.
    private static func header(
        of entries: [ParameterLayout.Entry],
        _ precision: Precision
    ) -> [UInt8] {
        let (name, size) = precision == .float32 ? ("F32", 4) : ("F16", 2)
        var json = #"{"__metadata__":{"format":"pt"}"#
        var offset = 0
        for entry in entries {
            let end = offset + entry.count * size
            let shape = entry.shape.map(String.init).joined(separator: ",")
            json += #","\#(entry.name)":{"dtype":"\#(name)","shape":[\#(shape)],"#
            json += #""data_offsets":[\#(offset),\#(end)]}"#
            offset = end
        }
        var bytes = Array((json + "}").utf8)
        bytes += [UInt8](repeating: UInt8(ascii: " "), count: (8 - bytes.count % 8) % 8)
        return (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
    }
}
