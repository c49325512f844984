import Foundation

/// The part of a manifest that says how to read the rest.
private struct Form: Decodable { let schema: Int }

extension PrivacyManifest {
    /// The bytes of `privacy.json`: keys in order, infinity as "inf".
    public func fileContents() throws -> [UInt8] {
        Array(try JSONEncoder.spellingInfinity(.prettyPrinted).encode(self)) + [UInt8(ascii: "\n")]
    }

    /// Reads what `fileContents` wrote.
    ///
    /// - Throws: `ManifestError.unreadable` for anything else, `.unknownSchema` for another form.
    public init(fileContents bytes: [UInt8], path: String) throws(ManifestError) {
        let decoder = JSONDecoder.spellingInfinity()
        guard let form = try? decoder.decode(Form.self, from: Data(bytes)) else {
            throw .unreadable(path: path)
        }
        guard form.schema == Self.currentSchema else {
            throw .unknownSchema(path: path, schema: form.schema)
        }
        guard let manifest = try? decoder.decode(Self.self, from: Data(bytes)) else {
            throw .unreadable(path: path)
        }
        self = manifest
    }

    /// Writes `PRIVACY.md` and then `privacy.json` into the folder of a release, durably.
    ///
    /// - Throws: `LedgerError` if a file is there already or cannot be written.
    package func write(to folder: String, files: any FileOperations = SystemFiles()) throws {
        try files.writeNewFile(folder + "/" + Self.pageName, Array(page.utf8))
        try files.writeNewFile(folder + "/" + Self.fileName, try fileContents())
        try files.synchronizeFolder(folder)
    }
}
