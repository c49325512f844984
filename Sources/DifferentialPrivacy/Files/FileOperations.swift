/// The file-system calls that the ledger's durability rests on.
///
/// Every write, sync and rename of a run folder passes through here, so that tests can make each
/// of them fail once. Each call either does all it says or throws `LedgerError.fileFailed`.
package protocol FileOperations: Sendable {
    /// Creates a file that must not exist (0600, no symbolic links) and opens it for appending.
    func createFile(_ path: String) throws(LedgerError) -> OpenFile
    /// Opens an existing regular file for reading and appending; symbolic links are refused.
    func openFile(_ path: String) throws(LedgerError) -> OpenFile
    /// Opens a folder, to lock it or to sync its names.
    func openFolder(_ path: String) throws(LedgerError) -> OpenFile
    /// Creates a folder that must not exist, mode 0700.
    func createFolder(_ path: String) throws(LedgerError)
    /// Appends all bytes.
    func append(_ bytes: [UInt8], to file: borrowing OpenFile) throws(LedgerError)
    /// Cuts the file to `length` bytes.
    func truncate(_ file: borrowing OpenFile, to length: Int) throws(LedgerError)
    /// Returns once the file's (or folder's) content is on stable storage.
    func synchronize(_ file: borrowing OpenFile) throws(LedgerError)
    /// Takes the exclusive advisory lock, at once or not at all.
    ///
    /// - Returns: False if another open file holds it.
    func lock(_ file: borrowing OpenFile) throws(LedgerError) -> Bool
    /// Reads a whole file; nil if it does not exist. Symbolic links are refused.
    func contents(of path: String) throws(LedgerError) -> [UInt8]?
    /// Renames a file or a folder; an existing target must be an empty folder.
    func rename(_ source: String, to target: String) throws(LedgerError)
    /// Gives a file a second name; false if that name is taken.
    func link(_ source: String, as target: String) throws(LedgerError) -> Bool
    /// Removes a file.
    func removeFile(_ path: String) throws(LedgerError)
    /// The names in a folder, sorted; nil if there is no such folder.
    func names(in folder: String) throws(LedgerError) -> [String]?
    /// Removes a folder and all in it.
    func removeFolder(_ path: String) throws(LedgerError)
}
