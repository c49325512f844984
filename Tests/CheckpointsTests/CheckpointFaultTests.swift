import CFaultyDisk
import Foundation
import Testing

@testable import Checkpoints

/// Every call to the operating system by which a checkpoint is saved fails once or is the last one that
/// happens.
@Suite struct CheckpointFaultTests {
    /// Two checkpoints, and what saving the third one needs.
    private let earlier: TemporaryFolder

    init() throws {
        earlier = try TemporaryFolder()
        let writer = try CheckpointWriter(folder: earlier.path)
        for step in [1, 2] { try TinyCheckpoint.write(step, with: writer) }
    }

    /// Saves the third checkpoint on a faulty disk; returns the calls counted and what was thrown.
    private func save(
        in folder: TemporaryFolder,
        failing: Int,
        _ mode: FaultyDiskMode,
        _ code: Int32
    ) -> (calls: Int, error: (any Error)?) {
        faulty_disk_arm(failing, mode, code)
        let result = Result {
            try TinyCheckpoint.write(3, with: CheckpointWriter(folder: folder.path))
        }
        let calls = faulty_disk_disarm()
        guard case .failure(let error) = result else { return (calls, nil) }
        return (calls, error)
    }

    private static let faults: [(FaultyDiskMode, Int32)] = [
        (FAULTY_DISK_FAILS_ONCE, EIO), (FAULTY_DISK_FAILS_ONCE, ENOSPC), (FAULTY_DISK_STOPS, EIO),
    ]

    @Test(arguments: faults)
    func noFailedCallCostsACheckpoint(mode: FaultyDiskMode, code: Int32) throws {
        var failing = 0
        while true {
            let folder = try TemporaryFolder(copying: earlier)
            let (calls, error) = save(in: folder, failing: failing, mode, code)
            guard calls > failing else {
                #expect(error == nil)
                break
            }
            let found = try #require(error as? CheckpointError, "call \(failing)")
            if case .diskFull = found { #expect(code == ENOSPC) } else { #expect(code == EIO) }
            // The next start.
            _ = try CheckpointWriter(folder: folder.path)
            let (newest, damaged) = try CheckpointReader.openNewest(in: folder.path)
            #expect(damaged.isEmpty, "call \(failing)")
            #expect(newest.header.step >= 2, "call \(failing)")
            try TinyCheckpoint.expectValid(newest, step: newest.header.step)
            let checkpoints = try CheckpointReader.checkpoints(in: folder.path)
            #expect(checkpoints.count >= 2)
            for checkpoint in checkpoints { try FileDigest.check(checkpoint.path) }
            #expect(!folder.names.contains { $0.hasSuffix(".partial") })
            failing += 1
        }
        // 48 tensors and their headers, the sidecar, five syncs, two renames, what is removed.
        #expect(failing > 60, "\(failing) calls")
    }

    @Test func writesThatTakeHalfAreContinued() throws {
        let (whole, short) = (try TemporaryFolder(), try TemporaryFolder())
        try TinyCheckpoint.write(3, with: CheckpointWriter(folder: whole.path))
        #expect(save(in: short, failing: 0, FAULTY_DISK_WRITES_SHORT, EIO).error == nil)
        for name in whole.names {
            #expect(
                try TemporaryFolder.bytes(whole.path + "/" + name)
                    == TemporaryFolder.bytes(short.path + "/" + name)
            )
        }
    }
}
