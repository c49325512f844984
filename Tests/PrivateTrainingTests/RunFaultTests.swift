import CFaultyDisk
import Checkpoints
import DifferentialPrivacy
import Foundation
import Testing
import Training

@testable import PrivateTraining

/// Every call to the operating system by which a run changes the disk, from the reservation of a step
/// to the removal of the secret, fails once or is the last one that happens.
///
/// Ledger, checkpoints and whatever else a run writes all count: the calls are caught in libc.
@Suite struct RunFaultTests {
    private static let run = "runs/one"
    private static let steps = 2

    private let workspace: RunWorkspace
    private let request: FineTuningRequest
    private let whole: [UInt32]

    /// A run of two steps that was interrupted after the first one, and what it must come to.
    init() throws {
        workspace = try RunWorkspace()
        var request = workspace.request()
        request.batchSize = 12
        request.epochs = 2
        let finished = try workspace.run(request)
        #expect(finished.isFinished && finished.stepsDone == Self.steps)
        whole = try workspace.weights()
        try FileManager.default.removeItem(atPath: request.run.folder)
        #expect(try !workspace.run(request, steps: 1).isFinished)
        self.request = request
        try FileManager.default.copyItem(
            atPath: request.run.folder,
            toPath: workspace.folder + "/interrupted"
        )
    }

    /// Puts the run back to where it was interrupted.
    private func restore() throws {
        try FileManager.default.removeItem(atPath: request.run.folder)
        try FileManager.default.copyItem(
            atPath: workspace.folder + "/interrupted",
            toPath: request.run.folder
        )
    }

    private static let faults: [(FaultyDiskMode, Int32)] = [
        (FAULTY_DISK_FAILS_ONCE, EIO), (FAULTY_DISK_FAILS_ONCE, ENOSPC), (FAULTY_DISK_STOPS, EIO),
    ]

    @Test(arguments: faults)
    func noFailedCallCostsAStepOrTheRun(mode: FaultyDiskMode, code: Int32) throws {
        var failing = 0
        while true {
            try restore()
            let released = Released()
            faulty_disk_arm(failing, mode, code)
            let result = Result {
                try workspace.run(request) { progress in released.steps = progress.step }
            }
            guard faulty_disk_disarm() > failing else {
                #expect(try result.get().isFinished)
                break
            }
            if case .success = result { Issue.record("call \(failing) failed unnoticed") }
            // What anybody could have seen is in the ledger, and no checkpoint is ahead of it.
            let recorded = try workspace.entries("step")
            let newest = try CheckpointReader.openNewest(in: request.run.folder)
            #expect(newest.damaged.isEmpty && newest.reader.header.step >= 1, "call \(failing)")
            #expect(recorded >= max(released.steps, newest.reader.header.step), "call \(failing)")
            // It goes on, to the same bits, and pays for no step twice.
            #expect(try workspace.run(request).isFinished, "call \(failing)")
            #expect(try workspace.weights() == whole, "call \(failing)")
            #expect(try workspace.entries("step") == Self.steps, "call \(failing)")
            #expect(try workspace.sizes(Self.run)["secret"] == nil, "call \(failing)")
            failing += 1
        }
        // The checkpoint's 48 tensors and its files, a step, the end.
        #expect(failing > 60, "\(failing) calls")
    }

    /// Making a run: it is there as a whole or not at all, whatever earlier attempts left.
    @Test(arguments: [(FAULTY_DISK_FAILS_ONCE, ENOSPC), (FAULTY_DISK_STOPS, EIO)])
    func noFailedCallMakesHalfARun(mode: FaultyDiskMode, code: Int32) throws {
        var failing = 0
        while true {
            if FileManager.default.fileExists(atPath: request.run.folder) {
                try FileManager.default.removeItem(atPath: request.run.folder)
            }
            faulty_disk_arm(failing, mode, code)
            let result = Result { _ = try FineTuning(request) }
            guard faulty_disk_disarm() > failing else {
                try result.get()
                break
            }
            if case .success = result { Issue.record("call \(failing) failed unnoticed") }
            if FileManager.default.fileExists(atPath: request.run.folder) {
                let reader = try CheckpointReader.openNewest(in: request.run.folder).reader
                #expect(reader.header.step == 0, "call \(failing)")
                #expect(try workspace.sizes(Self.run)["run.json"] != nil, "call \(failing)")
            }
            failing += 1
        }
        #expect(failing > 70, "\(failing) calls")
        #expect(try workspace.run(request).isFinished)
        #expect(try workspace.weights() == whole)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: workspace.folder + "/runs").sorted()
                == [".key", "one"]
        )
    }

    /// What a process got done before it stopped.
    private final class Released { var steps = 0 }
}
