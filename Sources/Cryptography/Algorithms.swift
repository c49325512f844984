import COpenSSL

/// The algorithms that are used here, looked up in OpenSSL once a process.
///
/// The system's OpenSSL configuration is not read: no file on the machine may put another provider in the
/// place of these.
@safe struct Algorithms: @unchecked Sendable {
    /// The only instance.
    ///
    /// Its objects are never changed; OpenSSL lets threads share such.
    static let shared = Algorithms()

    let sha256: OpaquePointer
    let aes256CTR: OpaquePointer
    let aes256GCM: OpaquePointer

    private init() {
        require(OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil) == 1)
        unsafe sha256 = found(unsafe EVP_MD_fetch(nil, "SHA256", nil))
        unsafe aes256CTR = found(unsafe EVP_CIPHER_fetch(nil, "AES-256-CTR", nil))
        unsafe aes256GCM = found(unsafe EVP_CIPHER_fetch(nil, "AES-256-GCM", nil))
    }
}

/// Ends the process where OpenSSL refuses what its manual says cannot fail on these inputs.
///
/// Only memory that ran out does that. A key, a digest or noise that might be wrong must not be used.
func require(_ succeeded: Bool) {
    precondition(succeeded, "OpenSSL refused an operation on keys or digests: is memory out?")
}

/// The same, of an object that OpenSSL makes.
func found(_ object: OpaquePointer?) -> OpaquePointer {
    guard let object = unsafe object else {
        preconditionFailure("OpenSSL made no object for keys or digests: is memory out?")
    }
    return unsafe object
}
