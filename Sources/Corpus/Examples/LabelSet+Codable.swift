/// Coded as a list of columns, because the order of columns matters and objects have none.
extension LabelSet: Codable {
    private struct Column: Codable {
        let name: String
        let values: [String]
    }

    /// Decodes and checks a label set.
    package init(from decoder: any Decoder) throws {
        let columns = try [Column](from: decoder)
        try self.init(columns: columns.map(\.name), values: columns.map(\.values))
    }

    /// Encodes `[{"name": …, "values": […]}, …]`.
    package func encode(to encoder: any Encoder) throws {
        try zip(columns, values).map { Column(name: $0, values: $1) }.encode(to: encoder)
    }
}
