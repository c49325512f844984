import Glibc
import Testing

@testable import DifferentialPrivacy

@Suite struct SystemFilesTests {
    @Test func whatFoundationCannotDoSaysWhy() {
        let missing = "/tmp/dpscribe-no-such-folder-\(getpid())"
        #expect(
            throws: LedgerError.fileFailed(operation: "remove", path: missing, code: ENOENT)
        ) {
            try SystemFiles().removeFolder(missing)
        }
    }
}
