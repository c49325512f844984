/// The version that `--version` prints and that runs record.
enum ProductVersion {
    /// Semantic version of this build.
    static let current = "0.1.0"
}
