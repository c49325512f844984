import Foundation

/// The most memory that this process has had resident so far.
package enum PeakMemory {
    /// Bytes, as Linux counts them (VmHWM of proc(5)); 0 where that cannot be read.
    package static var bytes: Int {
        let status = FileHandle(forReadingAtPath: "/proc/self/status")
        let text = String(decoding: (try? status?.readToEnd()) ?? Data(), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return 1_024 * (line?.split(separator: " ").compactMap { Int($0) }.first ?? 0)
    }
}
