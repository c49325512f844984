import Foundation
import Testing

@testable import CommandLineTool

@Suite struct ErrorReportTests {
    @Test func statusesAreTheDocumentedNumbers() {
        #expect(CommandStatus.allCases.map(\.rawValue) == [3, 4, 64, 65, 66, 70, 73, 74, 75, 78])
    }

    @Test(arguments: [
        (POSIXErrorCode.ENOENT, CommandStatus.missingInput), (.ENOSPC, .inputOutput),
        (.EDQUOT, .inputOutput), (.EIO, .inputOutput), (.EEXIST, .outputUnavailable),
        (.EROFS, .outputUnavailable), (.EACCES, .outputUnavailable),
    ])
    func systemErrorsHaveTheirStatus(code: POSIXErrorCode, status: CommandStatus) {
        #expect(ErrorReport(POSIXError(code)).status == status)
        let cocoa = CocoaError(
            .fileWriteUnknown,
            userInfo: [NSUnderlyingErrorKey: POSIXError(code)]
        )
        #expect(ErrorReport(cocoa).status == status)
    }

    @Test func anUnforeseenErrorIsInternalAndQuotesNothing() {
        struct Surprise: Error { let text = "secret" }
        let report = ErrorReport(Surprise())
        #expect(report.status == .internalFault)
        #expect(!report.message.contains("secret"))
    }
}
