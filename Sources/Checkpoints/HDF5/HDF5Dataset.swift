/// A dataset found in a checkpoint, held to the rules of the file format.
struct HDF5Dataset: Equatable, Sendable {
    /// Group and name, such as `parameters/wte.weight`.
    let path: String
    /// Outermost dimension first.
    let shape: [Int]
    /// Where its values lie in the file.
    let bytes: Range<Int>
}
