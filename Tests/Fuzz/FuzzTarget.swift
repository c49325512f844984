/// A parser that is fed damaged files.
protocol FuzzTarget {
    /// What the command line calls it; also the folder of its kept corpus.
    static var name: String { get }
    /// The name under which a file is given to the parser.
    var fileName: String { get }
    /// Pieces that its format is made of, for the mutator.
    var dictionary: [[UInt8]] { get }
    /// Good files to start from.
    func seeds() throws -> [[UInt8]]
    /// Repairs what would keep damage from being looked at, such as checksums.
    func repaired(_ bytes: [UInt8]) -> [UInt8]
    /// Parses the file of that name in `folder`, which holds `bytes`.
    ///
    /// - Returns: What came of it, in a few words without numbers from the file.
    /// - Throws: Only what the parser documents. A broken promise ends the process.
    func run(folder: String, bytes: [UInt8]) throws -> String
}

extension FuzzTarget {
    func repaired(_ bytes: [UInt8]) -> [UInt8] { bytes }
}
