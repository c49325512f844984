import COpenSSL

/// Bytes that must not be known to others; overwritten when nothing refers to them any more.
///
/// Never changed after they were set, so threads may share them.
@safe public final class SecretKey: @unchecked Sendable {
    /// The length of every key that this product draws.
    public static let standardLength = 32

    private let buffer: UnsafeRawBufferPointer

    /// Holds a copy of `bytes`.
    public init(_ bytes: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
        unsafe copy.copyBytes(from: bytes)
        unsafe buffer = UnsafeRawBufferPointer(copy)
    }

    deinit {
        let copy = unsafe UnsafeMutableRawBufferPointer(mutating: buffer)
        unsafe OPENSSL_cleanse(copy.baseAddress, copy.count)
        unsafe copy.deallocate()
    }

    /// Draws 32 bytes from the operating system's generator (getrandom; stops if that fails).
    public static func fromSystem() -> SecretKey {
        var generator = SystemRandomNumberGenerator()
        return SecretKey(
            (0..<standardLength).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        )
    }

    /// How many bytes there are.
    public var count: Int { unsafe buffer.count }

    /// A copy of the bytes, which stays in memory until something else takes its place.
    public var bytes: [UInt8] { unsafe Array(buffer) }

    /// Lends the bytes to OpenSSL.
    func withBytes<Result>(_ body: (UnsafePointer<UInt8>?) -> Result) -> Result {
        unsafe body(buffer.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }
}
