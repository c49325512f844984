import COpenSSL

/// HMAC-SHA-256 (RFC 2104, FIPS 198-1) of bytes that arrive in pieces.
@safe public struct KeyedHash: ~Copyable {
    private let context: OpaquePointer

    /// Starts with no bytes.
    public init(key: SecretKey) {
        unsafe context = found(unsafe EVP_MAC_CTX_new(Algorithms.shared.hmac))
        unsafe withDigestName { name in
            var parameters = unsafe [
                OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                OSSL_PARAM_construct_end(),
            ]
            let started = unsafe key.withBytes {
                unsafe EVP_MAC_init(context, $0, key.count, &parameters)
            }
            require(started == 1)
        }
    }

    deinit { unsafe EVP_MAC_CTX_free(context) }

    /// Appends bytes.
    public mutating func update(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { bytes in
            let pointer = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            require(unsafe EVP_MAC_update(context, pointer, bytes.count) == 1)
        }
    }

    /// Appends bytes.
    public mutating func update(_ bytes: [UInt8]) { unsafe update(bytes.span.bytes) }

    /// The 32 bytes of the code; the hash is used up.
    public consuming func finalize() -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: SHA256.length) { code, count in
            require(unsafe EVP_MAC_final(context, code.baseAddress, &count, code.count) == 1)
        }
    }

    /// The 32 bytes of the code of `message`.
    public static func code(of message: [UInt8], key: SecretKey) -> [UInt8] {
        var hash = KeyedHash(key: key)
        hash.update(message)
        return hash.finalize()
    }
}

extension SecretKey {
    /// HKDF-SHA-256 (RFC 5869): `count` bytes that tell nothing about this key or about those under another
    /// `info`.
    ///
    /// - Parameters:
    ///   - salt: Names the use; public.
    ///   - info: What the bytes depend on besides.
    ///   - count: 1 to 8,160.
    /// - Returns: The derived key.
    public func derived(salt: [UInt8], info: [UInt8] = [], count: Int = standardLength) -> SecretKey
    {
        let context = unsafe found(unsafe EVP_KDF_CTX_new(Algorithms.shared.hkdf))
        defer { unsafe EVP_KDF_CTX_free(context) }
        var (salt, info, output) = (salt, info, [UInt8](repeating: 0, count: count))
        unsafe withDigestName { name in
            unsafe withBytes { key in
                unsafe salt.withUnsafeMutableBytes { salt in
                    unsafe info.withUnsafeMutableBytes { info in
                        let key = unsafe UnsafeMutableRawPointer(mutating: key)
                        var parameters = unsafe [
                            OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, name, 0),
                            OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key, self.count),
                            OSSL_PARAM_construct_octet_string(
                                OSSL_KDF_PARAM_SALT,
                                salt.baseAddress,
                                salt.count
                            ),
                            OSSL_PARAM_construct_octet_string(
                                OSSL_KDF_PARAM_INFO,
                                info.baseAddress,
                                info.count
                            ),
                            OSSL_PARAM_construct_end(),
                        ]
                        require(unsafe EVP_KDF_derive(context, &output, count, &parameters) == 1)
                    }
                }
            }
        }
        return SecretKey(output)
    }
}

/// Lends the name of SHA-256 as OpenSSL's parameters take it, which it does not change.
private func withDigestName(_ body: (UnsafeMutablePointer<CChar>?) -> Void) {
    var name = "SHA256".utf8CString.map { $0 }
    unsafe name.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress) }
}
