/// Which records make up each user: the privacy units of user-level privacy.
///
/// Of a user with more than K records, the K whose keyed hashes are smallest are kept. The hash is of
/// the record's content (and of how many equal ones the user has before it), never of its place in the
/// file: adding or removing another user changes nothing here.
package struct UserGrouping: Equatable, Sendable {
    /// For each user, places in the list of records; 1...K each, ordered by hash.
    package let units: [[Int]]

    /// Groups the records by user.
    ///
    /// - Parameters:
    ///   - records: Records with a user each.
    ///   - maximumRecords: K, at least 1.
    ///   - keyedHash: A keyed hash such as HMAC-SHA-256 under a secret key; equal length always.
    package init(
        records: [Record],
        maximumRecords: Int,
        keyedHash: ([UInt8]) -> [UInt8]
    ) {
        precondition(maximumRecords >= 1, "maximumRecords is \(maximumRecords); it must be >= 1")
        var placeOfUser: [[UInt8]: Int] = [:]
        var members: [[Int]] = []
        for (index, record) in records.enumerated() {
            guard let user = record.user else { preconditionFailure("\(record) has no user") }
            let place = placeOfUser[user] ?? members.count
            if placeOfUser.updateValue(place, forKey: user) == nil { members.append([]) }
            members[place].append(index)
        }
        units = members.map { indices in
            Self.chosen(indices, records: records, count: maximumRecords, keyedHash: keyedHash)
        }
    }

    private static func chosen(
        _ indices: [Int],
        records: [Record],
        count: Int,
        keyedHash: ([UInt8]) -> [UInt8]
    ) -> [Int] {
        guard indices.count > 1 else { return indices }
        var copies: [[UInt8]: UInt64] = [:]
        let hashed = indices.map { index in
            let content = content(of: records[index])
            let copy = copies[content, default: 0]
            copies[content] = copy + 1
            return (index: index, hash: keyedHash(content + bytes(of: copy)))
        }
        return hashed.sorted { $0.hash.lexicographicallyPrecedes($1.hash) }
            .prefix(count).map(\.index)
    }

    /// User, text and labels, each after its length, so that no two records look alike.
    private static func content(of record: Record) -> [UInt8] {
        var content: [UInt8] = []
        for field in [record.user ?? [], record.text] + record.labels {
            content += bytes(of: UInt64(field.count))
            content += field
        }
        return content
    }

    private static func bytes(of value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }
}
