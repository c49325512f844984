package import Autograd
package import Kernels
package import LanguageModel

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

    /// A tensor to write: what its header says, and its values.
    private struct Content {
        let name: String
        let shape: [Int]
        let values: (Range<Int>) -> [Float]

        var count: Int { shape.reduce(1, *) }
    }

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
        let contents = layout.entries.map { entry in
            Content(name: entry.name, shape: entry.shape) {
                values.values(entry.offset + $0.lowerBound..<entry.offset + $0.upperBound)
            }
        }
        try write(contents, precision, to: path, isPrivate: isPrivate)
    }

    /// Writes a model under the names and in the shapes of its family, as above.
    package func write(
        _ parameters: DecoderParameters,
        as precision: Precision,
        to path: String,
        isPrivate: Bool = false
    ) throws(CheckpointError) {
        let contents = parameters.configuration.storedTensors.map { tensor in
            Content(name: tensor.name, shape: tensor.shape) {
                parameters.storedValues(of: tensor, $0)
            }
        }
        try write(contents, precision, to: path, isPrivate: isPrivate)
    }

    private func write(
        _ contents: [Content],
        _ precision: Precision,
        to path: String,
        isPrivate: Bool
    ) throws(CheckpointError) {
        let contents = contents.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        try Storage.replace(path) { partial throws(CheckpointError) in
            let written = try writeContent(
                contents,
                precision,
                to: partial,
                isPrivate: isPrivate,
                shownPath: path
            )
            guard try FileDigest(of: partial) == written,
                try SafetensorsReader(path: partial).header.tensors.map(\.name)
                    == contents.map(\.name)
            else { throw .verification(path: path) }
        }
    }

    private func writeContent(
        _ contents: [Content],
        _ precision: Precision,
        to partial: String,
        isPrivate: Bool,
        shownPath: String
    ) throws(CheckpointError) -> FileDigest {
        var file = try OutputFile(creating: partial, isPrivate: isPrivate)
        try file.write(Self.header(of: contents, precision))
        for content in contents {
            for start in stride(from: 0, to: content.count, by: OutputFile.valuesAtOnce) {
                let end = min(start + OutputFile.valuesAtOnce, content.count)
                let values = content.values(start..<end)
                guard Self.canStore(values, precision) else {
                    throw .model(
                        path: shownPath,
                        problem: "\(content.name) has a value that is not finite or too large for "
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
        of contents: [Content],
        _ precision: Precision
    ) -> [UInt8] {
        let (name, size) = precision == .float32 ? ("F32", 4) : ("F16", 2)
        var json = #"{"__metadata__":{"format":"pt"}"#
        var offset = 0
        for content in contents {
            let end = offset + content.count * size
            let shape = content.shape.map(String.init).joined(separator: ",")
            json += #","\#(content.name)":{"dtype":"\#(name)","shape":[\#(shape)],"#
            json += #""data_offsets":[\#(offset),\#(end)]}"#
            offset = end
        }
        var bytes = Array((json + "}").utf8)
        bytes += [UInt8](repeating: UInt8(ascii: " "), count: (8 - bytes.count % 8) % 8)
        return (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) } + bytes
    }
}
