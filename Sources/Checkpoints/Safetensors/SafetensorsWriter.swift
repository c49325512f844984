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
            for piece in entry.pieces(of: OutputFile.valuesAtOnce) {
                let values = values.values(piece)
                guard Self.canStore(values, precision) else {
                    throw .model(
                        path: shownPath,
                        problem: "\(entry.name) has a value that is not finite or too large for "
                            + "the precision asked for"
                    )
                }
                switch precision {
                case .float32: try file.write(values)
                case .float16: try file.write(values.map(HalfPrecision.float16Bits(of:)))
                }
            }
        }
        return try file.synchronize()
    }

    /// Whether all values are finite, and stay so in that precision.
    private static func canStore(_ values: [Float], _ precision: Precision) -> Bool {
        guard HalfPrecision.areFinite(values) else { return false }
        switch precision {
        case .float32: return true
        case .float16:
            return values.allSatisfy { HalfPrecision.float16Bits(of: $0) & 0x7C00 != 0x7C00 }
        }
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
