import Foundation

extension JSONValue {
    /// The JSON of an encodable value: keys in order, infinity as `"inf"`.
    ///
    /// - Throws: What the value's encoding throws.
    init(encoding value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "unknown"
        )
        self = .encoded(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
