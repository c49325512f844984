extension FileOperations {
    /// Writes a file that must not exist and returns once its content is durable.
    ///
    /// Its *name* is durable only after `synchronizeFolder` of the folder around it.
    package func writeNewFile(_ path: String, _ bytes: [UInt8]) throws(LedgerError) {
        let file = try createFile(path)
        try append(bytes, to: file)
        try synchronize(file)
    }

    /// Writes a file that appears under its name complete and durable, or not at all.
    ///
    /// A file of that name is replaced; what an interrupted attempt left is removed first.
    package func writeWholeFile(
        _ name: String,
        in folder: String,
        _ bytes: [UInt8]
    ) throws(LedgerError) {
        let draft = "\(folder)/.\(name).draft"
        if try contents(of: draft) != nil { try removeFile(draft) }
        try writeNewFile(draft, bytes)
        try rename(draft, to: "\(folder)/\(name)")
        try synchronizeFolder(folder)
    }

    /// Makes the names in a folder (files created, renamed, removed there) durable.
    package func synchronizeFolder(_ path: String) throws(LedgerError) {
        try synchronize(try openFolder(path))
    }
}
