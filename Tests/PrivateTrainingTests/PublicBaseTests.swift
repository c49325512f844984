import DifferentialPrivacy
import Foundation
import LanguageModel
import Messages
import PublicTraining
import Testing
import Training

@testable import PrivateTraining

/// A model that learned from private records must not pass for a public one.
@Suite("Public bases")
struct PublicBaseTests {
    private let workspace: RunWorkspace

    init() throws {
        workspace = try RunWorkspace()
        try workspace.run(workspace.request())
    }

    /// The run, its release, and a copy of the model with its mark.
    private func privateFolders() throws -> [String] {
        let run = workspace.folder + "/runs/one"
        let (release, copy) = (workspace.folder + "/release", workspace.folder + "/copy")
        for folder in [release, copy] {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: false
            )
        }
        _ = try RunRelease(run: run).write(to: release)
        for name in ["config.json", "vocab.json", "merges.txt", "model.safetensors"] {
            try FileManager.default.copyItem(
                atPath: release + "/" + name,
                toPath: copy + "/" + name
            )
        }
        try #require(try Provenance(of: run, checkedBy: .checkpoints)).ofCopy.write(to: copy)
        return [run, release, copy]
    }

    @Test func aPrivateModelIsNoBaseOfARun() throws {
        for folder in try privateFolders() {
            var request = workspace.request(run: "runs/two")
            request.modelFolder = folder
            let error = #expect(throws: TrainingError.self) { try FineTuning(request) }
            guard case .privateBase(folder, .model, _) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(!FileManager.default.fileExists(atPath: request.run.folder))
        }
        #expect(try workspace.run(workspace.request(run: "runs/public"), steps: 1).stepsDone == 1)
    }

    @Test func aPrivateModelIsNoBaseOfPretraining() throws {
        let text = workspace.folder + "/public.txt"
        try Data("the word\n".utf8).write(to: URL(filePath: text))
        for folder in try privateFolders() {
            let request = PretrainingRequest(
                dataPaths: [text],
                configuration: nil,
                tokenizerFolder: folder,
                modelFolder: folder,
                duration: .epochs(1),
                outputFolder: workspace.folder + "/base",
                threads: 1
            )
            #expect(throws: TrainingError.self) { try Pretraining(request) }
            var resumed = request
            resumed.modelFolder = nil
            resumed.outputFolder = folder
            resumed.resumes = true
            #expect(throws: TrainingError.self) { try Pretraining(resumed) }
            #expect(!FileManager.default.fileExists(atPath: request.outputFolder))
        }
    }
}
