import ArgumentParser
import DifferentialPrivacy
import Foundation
import Messages
import PrivateEvolution
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

    private let options: [PrivacyParameter: String] = [
        .epsilon: "--epsilon", .delta: "--delta", .noiseMultiplier: "--noise-multiplier",
        .maxGradNorm: "--max-grad-norm", .samplingProbability: "--sampling-probability",
        .expectedBatchSize: "--batch-size", .steps: "--steps", .epochs: "--epochs",
    ]

    /// The library knows the quantity, the command its option.
    @Test(arguments: PrivacyParameter.allCases)
    func aParameterOutOfRangeIsNamedByItsOption(parameter: PrivacyParameter) {
        let error = PrivacyError.parameter(parameter, value: 2, allowed: "below 1")
        #expect(error.description == "\(parameter.rawValue) is 2; it must be below 1.")
        #expect(!error.description.contains("--"))
        let name = options[parameter] ?? parameter.rawValue
        #expect(ErrorReport(error).message == "\(name) is 2; it must be below 1.")
    }

    /// A run can go on after the first; the others need another request.
    @Test func faultsOfAnEndpointHaveTheirStatus() {
        let url = "http://127.0.0.1:1/v1"
        let errors: [(PrivateEvolutionError, CommandStatus)] = [
            (.endpointFailed(url: url, reason: "no connection", attempts: 8), .inputOutput),
            (.endpointRefused(url: url, status: 401), .badConfiguration),
            (.endpointRefused(url: url, status: 404), .badConfiguration),
            (.endpointUnreachable(url: url, reason: "no connection", attempts: 4), .inputOutput),
            (.endpointRefused(url: url, status: 307), .badConfiguration),
            (.promptsRefused(url: url, status: 400, prompts: 8), .badConfiguration),
        ]
        for (error, status) in errors { #expect(ErrorReport(error).status == status) }
        #expect(ErrorReport(errors[0].0).message.contains("--resume"))
        #expect(ErrorReport(errors[2].0).message.contains("/v1"))
        #expect(ErrorReport(errors[2].0).message.contains("--endpoint-model"))
        #expect(!ErrorReport(errors[2].0).message.contains("key"))
        #expect(ErrorReport(errors[3].0).message.contains("--endpoint"))
        #expect(ErrorReport(errors[4].0).message.contains("redirect"))
    }

    /// A setting that no command has would send the user looking for it.
    @Test func everySettingIsAnOptionOfSomeCommand() {
        let help = ([DPScribe.self] + DPScribe.configuration.subcommands).flatMap { command in
            [command.helpMessage(includeHidden: true)]
                + command.configuration.subcommands.map { $0.helpMessage(includeHidden: true) }
        }.joined(separator: "\n")
        for setting in Setting.allCases {
            #expect(help.contains(setting.option), "\(setting)")
        }
    }

    @Test func anUnforeseenErrorIsInternalAndQuotesNothing() {
        struct Surprise: Error { let text = "secret" }
        let report = ErrorReport(Surprise())
        #expect(report.status == .internalFault)
        #expect(!report.message.contains("secret"))
    }
}
