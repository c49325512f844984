import COpenSSL

/// SHA-256 (FIPS 180-4) of bytes that arrive in pieces.
@safe public struct SHA256: ~Copyable {
    /// Bytes in a digest.
    public static let length = 32

    private let context: OpaquePointer

    /// Starts with no bytes.
    public init() {
        unsafe context = found(unsafe EVP_MD_CTX_new())
        require(unsafe EVP_DigestInit_ex2(context, Algorithms.shared.sha256, nil) == 1)
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Appends bytes.
    public mutating func update(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { bytes in
            require(unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1)
        }
    }

    /// Appends bytes.
    public mutating func update(_ bytes: [UInt8]) { update(bytes[...]) }

    /// Appends bytes.
    public mutating func update(_ bytes: ArraySlice<UInt8>) { unsafe update(bytes.span.bytes) }

    /// The 32 bytes of the digest of all bytes so far.
    public func finalize() -> [UInt8] {
        let copy = unsafe found(unsafe EVP_MD_CTX_new())
        defer { unsafe EVP_MD_CTX_free(copy) }
        require(unsafe EVP_MD_CTX_copy_ex(copy, context) == 1)
        return unsafe [UInt8](unsafeUninitializedCapacity: Self.length) { digest, count in
            require(unsafe EVP_DigestFinal_ex(copy, digest.baseAddress, nil) == 1)
            count = Self.length
        }
    }

    /// The 32 bytes of the digest of `bytes`.
    public static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finalize()
    }
}
