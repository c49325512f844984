package import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

extension URL {
    /// The address of a server on that port of this machine.
    package init(port: UInt16) throws {
        guard let url = URL(string: "http://127.0.0.1:\(port)/v1") else {
            throw URLError(.badURL)
        }
        self = url
    }
}
