import COpenSSL

/// Ed25519 signatures (RFC 8032).
public enum Ed25519 {
    /// Bytes of a signature.
    public static let signatureLength = 64
    /// Bytes of either key.
    public static let keyLength = 32

    /// What signs.
    public struct PrivateKey: Sendable {
        private let seed: SecretKey

        /// Takes the 32 bytes of RFC 8032, 5.1.5; nil for another number of them.
        public init?(_ bytes: [UInt8]) {
            guard bytes.count == keyLength else { return nil }
            seed = SecretKey(bytes)
        }

        /// The key that others check with.
        public var publicKey: PublicKey {
            unsafe withKey { key in
                var (bytes, count) = ([UInt8](repeating: 0, count: keyLength), keyLength)
                require(unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &count) == 1)
                return PublicKey(bytes: bytes)
            }
        }

        /// The 64 bytes that this key signs `message` with; the same each time.
        public func signature(of message: [UInt8]) -> [UInt8] {
            unsafe withKey { key in
                let context = unsafe found(unsafe EVP_MD_CTX_new())
                defer { unsafe EVP_MD_CTX_free(context) }
                require(unsafe EVP_DigestSignInit_ex(context, nil, nil, nil, nil, key, nil) == 1)
                var count = signatureLength
                var signature = [UInt8](repeating: 0, count: count)
                require(
                    unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1
                )
                return signature
            }
        }

        private func withKey<Result>(_ body: (OpaquePointer) -> Result) -> Result {
            let key = unsafe seed.withBytes { bytes in
                unsafe found(
                    unsafe EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, bytes, bytes.count)
                )
            }
            defer { unsafe EVP_PKEY_free(key) }
            return unsafe body(key)
        }
    }

    /// What checks.
    public struct PublicKey: Sendable, Equatable {
        /// The 32 bytes of RFC 8032, 5.1.5.
        public let bytes: [UInt8]

        fileprivate init(bytes: [UInt8]) { self.bytes = bytes }

        /// Takes 32 bytes; nil for another number of them.
        ///
        /// Bytes that are no point of the curve accept no signature.
        public init?(_ bytes: [UInt8]) {
            guard bytes.count == keyLength else { return nil }
            self.bytes = bytes
        }

        /// Whether these are the 64 bytes that the key signs `message` with.
        public func accepts(signature: [UInt8], of message: [UInt8]) -> Bool {
            guard signature.count == signatureLength,
                let key = unsafe EVP_PKEY_new_raw_public_key_ex(
                    nil,
                    "ED25519",
                    nil,
                    bytes,
                    bytes.count
                )
            else { return false }
            defer { unsafe EVP_PKEY_free(key) }
            let context = unsafe found(unsafe EVP_MD_CTX_new())
            defer { unsafe EVP_MD_CTX_free(context) }
            return unsafe EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, key, nil) == 1
                && EVP_DigestVerify(context, signature, signature.count, message, message.count)
                    == 1
        }
    }
}
