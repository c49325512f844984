extension LedgerHeader {
    /// Refuses a description that is not, byte for byte, the one that the ledger was begun with.
    ///
    /// Passes any where the ledger did not record it: then its contents must be compared.
    ///
    /// - Throws: `LedgerError.otherDescription`.
    package func requireDescription(_ bytes: [UInt8], at path: String) throws(LedgerError) {
        guard let description else { return }
        guard ContentDigest(ofContents: bytes) == description else {
            throw .otherDescription(path: path)
        }
    }
}
