/// The version that `--version` prints and that every run records.
package enum ProductVersion {
    /// Semantic version of this build.
    package static let current = "0.1.0"
}
