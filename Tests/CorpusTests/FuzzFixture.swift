import Foundation

/// The 10,000 strings of `fuzz.bin`, each with digests of the ids that the references give.
struct FuzzFixture {
    struct Item {
        let text: [UInt8]
        let smallDigest: UInt32
        let gpt2Digest: UInt32
    }

    let items: [Item]

    init() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Fixture.path("fuzz.bin"))))
        var index = 0
        func integer(_ count: Int) -> UInt32 {
            defer { index += count }
            return (0..<count).reduce(0) { $0 | UInt32(bytes[index + $1]) << UInt32(8 * $1) }
        }
        var items: [Item] = []
        while index < bytes.count {
            let count = Int(integer(2))
            let text = Array(bytes[index..<index + count])
            index += count
            items.append(Item(text: text, smallDigest: integer(4), gpt2Digest: integer(4)))
        }
        self.items = items
    }

    /// FNV-1a over the ids' little-endian bytes, as the fixture's script computes it.
    static func digest(_ ids: [Int32]) -> UInt32 {
        var value: UInt32 = 0x811C_9DC5
        for id in ids {
            for shift in stride(from: UInt32(0), to: 32, by: 8) {
                value = (value ^ UInt32(bitPattern: id) >> shift & 0xFF) &* 0x0100_0193
            }
        }
        return value
    }
}
