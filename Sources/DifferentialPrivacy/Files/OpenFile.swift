import Glibc

/// One open file, closed when its owner lets go of it.
package struct OpenFile: ~Copyable, Sendable {
    /// The operating system's number for it.
    let descriptor: Int32
    /// Where it was opened, for messages.
    package let path: String

    init(descriptor: Int32, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit { _ = close(descriptor) }
}
