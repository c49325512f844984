/// How the process ends; scripts rely on these numbers.
enum CommandStatus: Int32, CaseIterable, Sendable {
    /// The target epsilon cannot be reached, or the budget is spent.
    case budgetExceeded = 3
    /// A ledger, digest or file structure does not hold.
    case integrityViolated = 4
    /// Unknown flag, column, or label value in a flag.
    case usage = 64
    /// Missing column, empty file, no usable record.
    case unusableData = 65
    /// No such file.
    case missingInput = 66
    /// A fault of the product.
    case internalFault = 70
    /// The output exists or cannot be made.
    case outputUnavailable = 73
    /// Disk full, or another input/output error.
    case inputOutput = 74
    /// Stopped by a signal; can be resumed.
    case interrupted = 75
    /// Settings that contradict each other or the data's size.
    case badConfiguration = 78
}
