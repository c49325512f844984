import COpenSSL

/// AES with a 256-bit key (FIPS 197): a key stream, and encryption that notices changes.
public struct BlockCipher: Sendable {
    /// Bytes in a block.
    public static let blockSize = 16
    /// Bytes of a nonce of `seal`.
    public static let nonceLength = 12
    /// Bytes of a tag of `seal`.
    public static let tagLength = 16

    private let key: SecretKey

    /// Takes a key of 32 bytes.
    public init(key: SecretKey) {
        precondition(key.count == 32, "a key of \(key.count) bytes; it must have 32")
        self.key = key
    }

    /// Counter mode (NIST SP 800-38A, Section 6.5): `text` masked by the key stream from `counter` on.
    ///
    /// - Parameters:
    ///   - text: Zeros give the key stream itself.
    ///   - counter: 16 bytes, big-endian; it goes up by 1 a block.
    /// - Returns: As many bytes as `text` has.
    public func masked(_ text: [UInt8], counter: [UInt8]) -> [UInt8] {
        precondition(counter.count == Self.blockSize, "a counter of \(counter.count) bytes, not 16")
        return unsafe CipherOperation(Algorithms.shared.aes256CTR, key, counter).update(text)
    }

    /// Galois/counter mode (NIST SP 800-38D) with a nonce of 12 bytes and a tag of 16.
    ///
    /// - Returns: nonce ‖ encrypted text ‖ tag.
    public func seal(_ text: [UInt8], nonce: [UInt8]) -> [UInt8] {
        let operation = galoisCounter(nonce)
        return nonce + operation.update(text) + operation.tag()
    }

    /// What was sealed; nil if it was sealed under another key, or changed.
    public func open(_ box: [UInt8]) -> [UInt8]? {
        guard box.count >= Self.nonceLength + Self.tagLength else { return nil }
        let nonce = Array(box.prefix(Self.nonceLength))
        let operation = galoisCounter(nonce, opens: true)
        let text = operation.update(Array(box[Self.nonceLength..<box.count - Self.tagLength]))
        return operation.accepts(tag: Array(box.suffix(Self.tagLength))) ? text : nil
    }

    /// GMAC (NIST SP 800-38D): the tag of bytes that are not encrypted.
    ///
    /// - Parameters:
    ///   - bytes: What the tag covers.
    ///   - nonce: 12 bytes; one for each content under a key.
    /// - Returns: 16 bytes.
    public func tag(of bytes: RawSpan, nonce: [UInt8]) -> [UInt8] {
        let operation = galoisCounter(nonce)
        operation.authenticate(bytes)
        return operation.tag()
    }

    private func galoisCounter(_ nonce: [UInt8], opens: Bool = false) -> CipherOperation {
        precondition(nonce.count == Self.nonceLength, "a nonce of \(nonce.count) bytes, not 12")
        return unsafe CipherOperation(Algorithms.shared.aes256GCM, key, nonce, opens: opens)
    }
}

/// One message under one key and nonce.
@safe private struct CipherOperation: ~Copyable {
    private let context: OpaquePointer

    init(_ cipher: OpaquePointer, _ key: SecretKey, _ nonce: [UInt8], opens: Bool = false) {
        unsafe context = found(unsafe EVP_CIPHER_CTX_new())
        let started = key.withBytes {
            unsafe EVP_CipherInit_ex2(context, cipher, $0, nonce, opens ? 0 : 1, nil)
        }
        require(started == 1)
    }

    deinit { unsafe EVP_CIPHER_CTX_free(context) }

    /// Bytes of text, encrypted or decrypted.
    func update(_ text: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: text.count) { output, count in
            var length: Int32 = 0
            guard !text.isEmpty else { return }
            let updated = unsafe EVP_CipherUpdate(
                context,
                output.baseAddress,
                &length,
                text,
                Int32(text.count)
            )
            require(updated == 1)
            count = Int(length)
        }
    }

    /// Bytes that the tag covers and that are not encrypted.
    func authenticate(_ bytes: RawSpan) {
        guard !bytes.isEmpty else { return }
        unsafe bytes.withUnsafeBytes { bytes in
            var length: Int32 = 0
            let pointer = unsafe bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            require(
                unsafe EVP_CipherUpdate(context, nil, &length, pointer, Int32(bytes.count)) == 1
            )
        }
    }

    /// Ends a message that was sealed.
    func tag() -> [UInt8] {
        var (end, length) = ([UInt8](repeating: 0, count: BlockCipher.blockSize), Int32(0))
        require(unsafe EVP_CipherFinal_ex(context, &end, &length) == 1)
        var tag = [UInt8](repeating: 0, count: BlockCipher.tagLength)
        require(
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
        )
        return tag
    }

    /// Ends a message that was opened: whether it is what was sealed.
    func accepts(tag: [UInt8]) -> Bool {
        var (tag, end, length) = (
            tag, [UInt8](repeating: 0, count: BlockCipher.blockSize), Int32(0)
        )
        require(
            unsafe EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
        )
        return unsafe EVP_CipherFinal_ex(context, &end, &length) == 1
    }
}
