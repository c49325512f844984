import Foundation

/// Every small change to a JSON file: for tests that none of them passes unnoticed.
package struct JSONEdit: CustomStringConvertible {
    /// The keys from the root to what was changed, joined by dots; places in arrays are not named.
    package let path: String
    /// What was done there.
    package let change: String
    /// The file with that change and no other, written as the file was.
    package let contents: [UInt8]

    package var description: String { "\(path): \(change)" }

    /// All changes to a file of sorted keys, two spaces and a final line feed.
    ///
    /// Every leaf is removed, made null and turned into other values, every object gets a key more, and
    /// every array an element more or less.
    ///
    /// - Returns: Nothing if the file, decoded and encoded, is not itself.
    package static func all(of contents: [UInt8]) throws -> [JSONEdit] {
        let root = try JSONDecoder().decode(JSONTree.self, from: Data(contents))
        guard try bytes(root) == contents else { return [] }
        return try root.edits.map {
            JSONEdit(path: $0.path, change: $0.change, contents: try bytes($0.tree))
        }
    }

    private static func bytes(_ tree: JSONTree) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(tree)) + [UInt8(ascii: "\n")]
    }
}

/// Any JSON value.
private indirect enum JSONTree: Codable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONTree])
    case object([String: JSONTree])

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let found = try? value.decode(Bool.self) {
            self = .bool(found)
        } else if let found = try? value.decode(Int.self) {
            self = .integer(found)
        } else if let found = try? value.decode(Double.self) {
            self = .number(found)
        } else if let found = try? value.decode(String.self) {
            self = .string(found)
        } else if let found = try? value.decode([JSONTree].self) {
            self = .array(found)
        } else {
            self = .object(try value.decode([String: JSONTree].self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    typealias Edit = (path: String, change: String, tree: JSONTree)

    /// This value with one change in it.
    var edits: [Edit] {
        switch self {
        case .object(let members):
            var edits: [Edit] = [("", "one key more", .object(members.with("zzz", .integer(1))))]
            for (key, value) in members {
                edits.append((key, "removed", .object(members.with(key, nil))))
                edits.append((key, "null", .object(members.with(key, .null))))
                edits += value.edits.map {
                    (Self.join(key, $0.path), $0.change, .object(members.with(key, $0.tree)))
                }
            }
            return edits
        case .array(let elements):
            var edits: [Edit] = [
                ("", "one element more", .array(elements + [elements.last ?? .null]))
            ]
            if !elements.isEmpty {
                edits.append(("", "one element less", .array(elements.dropLast())))
            }
            for (place, element) in elements.enumerated() {
                edits += element.edits.map {
                    var others = elements
                    others[place] = $0.tree
                    return ($0.path, $0.change, .array(others))
                }
            }
            return edits
        default: return others.map { ("", "\($0)", $0) }
        }
    }

    /// Other values in place of this leaf.
    private var others: [JSONTree] {
        switch self {
        case .null: [.integer(1), .string("x")]
        case .bool(let value): [.bool(!value), .string("\(value)")]
        case .integer(let value): [.integer(value + 1), .integer(-value - 1), .string("\(value)")]
        case .number(let value):
            [.number(value * 1.03), .number(value * 0.97), .number(-value), .string("inf")]
        case .string(let value): [.string(value + " "), .string(Self.turned(value)), .integer(0)]
        case .array, .object: []
        }
    }

    /// The text with another first character, of the same kind: a digest stays a digest.
    private static func turned(_ text: String) -> String {
        (text.hasPrefix("1") ? "2" : "1") + text.dropFirst()
    }

    private static func join(_ key: String, _ rest: String) -> String {
        rest.isEmpty ? key : key + "." + rest
    }
}

extension [String: JSONTree] {
    fileprivate func with(_ key: String, _ value: JSONTree?) -> Self {
        var copy = self
        copy[key] = value
        return copy
    }
}
