import Cryptography

/// The 256 bits that all randomness of a run comes from.
///
/// Whoever knows them can subtract the noise from what was released, so the file (0600) lives in
/// the run folder only until the last step is durable, and is never copied elsewhere.
public struct RunSecret: Sendable {
    /// True if the bits follow from a seed: the run is for tests and is NOT PRIVATE.
    public let isInsecure: Bool
    let key: SecretKey

    private init(key: SecretKey, isInsecure: Bool) {
        self.key = key
        self.isInsecure = isInsecure
    }

    /// Draws a secret from the operating system's generator (getrandom; stops if that fails).
    public static func fromSystem() -> RunSecret {
        RunSecret(key: SecretKey.fromSystem(), isInsecure: false)
    }

    /// Derives the secret from a seed, for reproducible tests: NOT PRIVATE.
    public static func insecure(seed: UInt64) -> RunSecret {
        var bytes: [UInt8] = []
        bytes.appendBigEndian(seed)
        let key = SecretKey(bytes).derived(salt: Array("dpscribe/insecure-seed".utf8))
        return RunSecret(key: key, isInsecure: true)
    }

    /// A random name for a run, unrelated to the secret unless that is insecure.
    ///
    /// - Returns: 32 hexadecimal digits.
    public func makeRunIdentifier() -> String {
        guard isInsecure else { return [UInt8].random(count: 16).hexadecimal }
        let name = key.derived(salt: Array("dpscribe/run-identifier".utf8), count: 16)
        return name.bytes.hexadecimal
    }
}

extension RunSecret {
    private static let magic = "dpscribe-run-secret-1"

    /// The content of the `secret` file: form, origin and 64 digits on one line.
    var fileContents: [UInt8] {
        let origin = isInsecure ? "insecure-seed" : "system"
        return Array("\(Self.magic) \(origin) \(key.bytes.hexadecimal)\n".utf8)
    }

    /// Reads what `fileContents` wrote; nothing else is accepted.
    init(fileContents: [UInt8], path: String) throws(LedgerError) {
        let text = String(decoding: fileContents, as: UTF8.self)
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Self.magic, parts[2].utf8.last == UInt8(ascii: "\n"),
            parts[1] == "system" || parts[1] == "insecure-seed",
            let bytes = [UInt8](hexadecimal: String(parts[2].dropLast())), bytes.count == 32
        else { throw .unusableSecret(path: path, reason: "it is not a run secret") }
        self.init(key: SecretKey(bytes), isInsecure: parts[1] == "insecure-seed")
    }
}

extension [UInt8] {
    /// Bytes from the operating system's generator.
    static func random(count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
