import Foundation
import Kernels
import LanguageModel
import Testing

@testable import Checkpoints

/// Files that we write, opened by others; runs when DPSCRIBE_PYTHON names a Python with h5py,
/// safetensors and, for the last part, transformers.
@Suite struct ConformanceTests {
    private static let python = ProcessInfo.processInfo.environment["DPSCRIBE_PYTHON"]

    @Test(.enabled(if: python != nil)) func othersReadWhatWeWrite() throws {
        let folder = try TemporaryFolder()
        let expected = TemporaryFolder.fixture("HuggingFace")
        let parameters = try ModelFolder(path: expected + "/plain").loadParameters()
        let formats: [(String, ModelFolder.Format)] = [
            ("safetensors", .safetensors), ("half", .halfPrecisionSafetensors), ("hdf5", .hdf5),
        ]
        for (name, format) in formats {
            let model = folder.path + "/" + name
            try FileManager.default.createDirectory(
                atPath: model,
                withIntermediateDirectories: false
            )
            try ModelFolder.write(
                parameters,
                to: model,
                as: format,
                endOfText: 60,
                productVersion: "1.0.0"
            )
        }
        try FileManager.default.copyItem(atPath: expected, toPath: folder.path + "/expected")
        let header = CheckpointHeader(
            step: 3,
            configuration: parameters.configuration,
            state: "{}",
            productVersion: "1.0.0"
        )
        let kinds: [CheckpointSchema.Section] = [.parameters, .firstMoment, .secondMoment]
        let path = try CheckpointWriter(folder: folder.path).write(
            header,
            kinds.map { CheckpointSection($0, parameters.layout, parameters.values) }
        )
        try FileManager.default.moveItem(atPath: path, toPath: folder.path + "/checkpoint.h5")

        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python ?? "")
        process.arguments = [TemporaryFolder.fixture("check_with_python.py"), folder.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(),
            as: UTF8.self
        )
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && text.hasPrefix("ok"), "\(text)")
    }
}
