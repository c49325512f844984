extension FileOperations {
    /// Writes a file that must not exist and returns once its content is durable.
    ///
    /// Its *name* is durable only after `synchronizeFolder` of the folder around it.
    package func writeNewFile(_ path: String, _ bytes: [UInt8]) throws(LedgerError) {
        let file = try createFile(path)
        try append(bytes, to: file)
        try synchronize(file)
    }

    /// Makes the names in a folder (files created, renamed, removed there) durable.
    package func synchronizeFolder(_ path: String) throws(LedgerError) {
        try synchronize(try openFolder(path))
    }
}
