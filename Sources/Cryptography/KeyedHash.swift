import COpenSSL

/// HMAC-SHA-256 (RFC 2104, FIPS 198-1) of bytes that arrive in pieces.
@safe public struct KeyedHash: ~Copyable {
    private let context: OpaquePointer

    /// Starts with no bytes.
    public init(key: SecretKey) {
        let hmac = unsafe key.withBytes {
            unsafe found(unsafe EVP_PKEY_new_raw_private_key_ex(nil, "HMAC", nil, $0, $0.count))
        }
        defer { unsafe EVP_PKEY_free(hmac) }
        unsafe context = found(unsafe EVP_MD_CTX_new())
        require(unsafe EVP_DigestSignInit_ex(context, nil, "SHA256", nil, nil, hmac, nil) == 1)
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// Appends bytes.
    public mutating func update(_ bytes: ArraySlice<UInt8>) {
        unsafe bytes.withUnsafeBytes {
            require(unsafe EVP_DigestSignUpdate(context, $0.baseAddress, $0.count) == 1)
        }
    }

    /// Appends bytes.
    public mutating func update(_ bytes: [UInt8]) { update(bytes[...]) }

    /// The 32 bytes of the code; the hash is used up.
    public consuming func finalize() -> [UInt8] {
        var (code, count) = ([UInt8](repeating: 0, count: SHA256.length), SHA256.length)
        require(unsafe EVP_DigestSignFinal(context, &code, &count) == 1 && count == SHA256.length)
        return code
    }

    /// The 32 bytes of the code of `message`.
    public static func code(of message: [UInt8], key: SecretKey) -> [UInt8] {
        var hash = KeyedHash(key: key)
        hash.update(message)
        return hash.finalize()
    }
}
