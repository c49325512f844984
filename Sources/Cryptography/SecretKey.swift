import COpenSSL

/// Bytes that must not be known to others; overwritten when nothing refers to them any more.
///
/// Never changed after they were set, so threads may share them.
public final class SecretKey: @unchecked Sendable {
    /// The length of every key that this product draws.
    public static let standardLength = 32

    /// Held by this object alone: overwriting must not find them shared, and write elsewhere.
    private var held: [UInt8]

    /// Holds a copy of `bytes`.
    public init(_ bytes: [UInt8]) { held = Self.copy(bytes) }

    deinit {
        unsafe held.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    }

    /// Draws 32 bytes from the operating system's generator (getrandom; stops if that fails).
    public static func fromSystem() -> SecretKey {
        var generator = SystemRandomNumberGenerator()
        return SecretKey(
            (0..<standardLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        )
    }

    /// How many bytes there are.
    public var count: Int { held.count }

    /// A copy of the bytes, which stays in memory until something else takes its place.
    public var bytes: [UInt8] { Self.copy(held) }

    /// HKDF-SHA-256 (RFC 5869): `count` bytes that tell nothing about this key or about those under another
    /// `info`.
    ///
    /// - Parameters:
    ///   - salt: Names the use; public.
    ///   - info: What the bytes depend on besides.
    ///   - count: 1 to 8,160.
    /// - Returns: The derived key.
    public func derived(
        salt: [UInt8],
        info: [UInt8] = [],
        count: Int = standardLength
    ) -> SecretKey {
        let context = unsafe found(unsafe EVP_PKEY_CTX_new_from_name(nil, "HKDF", nil))
        defer { unsafe EVP_PKEY_CTX_free(context) }
        let sha256 = unsafe Algorithms.shared.sha256
        require(unsafe EVP_PKEY_derive_init(context) == 1)
        require(unsafe EVP_PKEY_CTX_set_hkdf_md(context, sha256) == 1)
        require(unsafe EVP_PKEY_CTX_set1_hkdf_key(context, held, Int32(held.count)) == 1)
        require(unsafe EVP_PKEY_CTX_set1_hkdf_salt(context, salt, Int32(salt.count)) == 1)
        require(unsafe EVP_PKEY_CTX_add1_hkdf_info(context, info, Int32(info.count)) == 1)
        var (output, length) = ([UInt8](repeating: 0, count: count), count)
        require(unsafe EVP_PKEY_derive(context, &output, &length) == 1 && length == count)
        return SecretKey(output)
    }

    /// Lends the bytes to a function that does not keep them.
    func withBytes<Result>(_ body: ([UInt8]) -> Result) -> Result { body(held) }

    private static func copy(_ bytes: [UInt8]) -> [UInt8] { bytes.map { $0 } }
}
