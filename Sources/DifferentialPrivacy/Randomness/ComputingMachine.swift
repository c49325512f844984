import Kernels

/// What computes a release: code and processor, as far as they decide how sums are rounded.
///
/// It goes into keys. Two machines or builds that round differently make two different sums of the
/// same corpus, and noise that both of them got would vanish in their difference.
package struct ComputingMachine: Equatable, Sendable {
    /// The kernels that BLAS chose.
    package var coreName = MatrixMultiply.coreName
    /// Version and build of the BLAS.
    package var buildDescription = MatrixMultiply.buildDescription
    /// The instructions that our own loops use.
    package var instructionSet = InstructionSet.name
    /// SHA-256 of the executable, as builds of one version may compute otherwise; empty if it cannot
    /// be read.
    package var executable: String

    /// This machine, for a run that is private or not.
    ///
    /// Without a guarantee the executable is left out: nothing can leak, and a seed gives the same
    /// run in every build that computes the same.
    package init(isPrivate: Bool) {
        executable = isPrivate ? PrivacyManifest.BuildDescription.runningExecutable ?? "" : ""
    }

    /// Its facts for a digest, each under a name.
    package var fields: [(name: String, content: [UInt8])] {
        [
            ("blas-core", Array(coreName.utf8)),
            ("blas-build", Array(buildDescription.utf8)),
            ("instruction-set", Array(instructionSet.utf8)),
            ("executable", Array(executable.utf8)),
        ]
    }
}
