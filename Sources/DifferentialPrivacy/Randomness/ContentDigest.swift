import Cryptography

/// The SHA-256 of something, written as 64 hexadecimal digits wherever it is stored.
public struct ContentDigest: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The 32 bytes.
    public let bytes: [UInt8]

    init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// Digests labelled fields; no other list of labels and fields gives the same input bytes.
    ///
    /// - Parameters:
    ///   - domain: What kind of thing is digested, such as "step-environment".
    ///   - fields: Names and contents, in a fixed order.
    public init(domain: String, fields: [(name: String, content: [UInt8])]) {
        var message: [UInt8] = []
        message.appendField(domain.utf8)
        for (name, content) in fields {
            message.appendField(name.utf8)
            message.appendField(content)
        }
        bytes = SHA256.hash(message)
    }

    /// Digests bytes as they are, such as a file's: what `sha256sum` prints.
    package init(ofContents contents: [UInt8]) { bytes = SHA256.hash(contents) }

    /// Reads 64 hexadecimal digits; nil for anything else.
    public init?(hexadecimal text: String) {
        guard let bytes = [UInt8](hexadecimal: text), bytes.count == 32 else { return nil }
        self.bytes = bytes
    }

    /// 64 lower-case hexadecimal digits.
    public var description: String { bytes.hexadecimal }

    /// Decodes the 64 digits.
    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let digest = Self(hexadecimal: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not 64 hexadecimal digits")
            )
        }
        self = digest
    }

    /// Encodes the 64 digits.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
