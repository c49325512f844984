import Foundation
import Testing

/// A disk that fills up ends a run with 74, and never leaves half a file that looks whole.
@Suite struct FullDiskTests {
    private let setting: FinetuneSetting

    init() throws { setting = try FinetuneSetting() }

    /// Runs `finetune` where no file may exceed 256 KiB: the first checkpoint does not fit.
    @Test func aRunThatCannotBeWrittenDoesNotAppear() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments =
            ["-c", "ulimit -f 512; exec \"$@\"", "sh", Tool.binary.path] + setting.arguments()
        let outcome = try RunningTool(process).outcome()
        #expect(outcome.status == 74, "\(outcome.errors)")
        #expect(!FileManager.default.fileExists(atPath: setting.path("run")))
    }

    @Test(.enabled(if: SmallDisk.isPossible, "mounting a small disk takes root"))
    func aRunOnAFullDiskGoesOnOnceThereIsSpace() throws {
        let disk = try SmallDisk(at: setting.path(""), kibibytes: 16_384)
        let changes = ["--insecure-seed": "3"]
        let whole = try setting.finetune("whole", changes)
        #expect(whole.status == 0, "\(whole.errors)")
        // Room for the run as it begins, and half of another checkpoint.
        let first = try setting.bytes("whole/step-000000.h5").count
        try disk.resize(kibibytes: (try disk.used() + first * 3 / 2) / 1_024 + 64)
        let stopped = try setting.finetune("run", changes)
        #expect(stopped.status == 74, "\(stopped.errors)")
        try disk.resize(kibibytes: 16_384)
        let resumed = try setting.finetune("run", changes, flags: ["--resume"])
        #expect(resumed.status == 0, "\(resumed.errors)")
        let results = try ["whole", "run"].map { try setting.bytes($0 + "/step-000020.h5") }
        #expect(results[0] == results[1])
    }
}

/// A file system in memory of a size that can be changed.
private final class SmallDisk {
    /// Whether this process may mount one.
    static let isPossible: Bool = {
        guard getuid() == 0, let folder = try? ScratchFolder.make() else { return false }
        defer { try? FileManager.default.removeItem(at: folder) }
        return (try? SmallDisk(at: folder.path, kibibytes: 64)) != nil
    }()

    private let folder: String

    init(at folder: String, kibibytes: Int) throws {
        self.folder = folder
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        try Self.run("mount", "-t", "tmpfs", "-o", "size=\(kibibytes)k", "tmpfs", folder)
    }

    deinit { try? Self.run("umount", folder) }

    func resize(kibibytes: Int) throws {
        try Self.run("mount", "-o", "remount,size=\(kibibytes)k", folder)
    }

    /// Bytes in use.
    func used() throws -> Int {
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: folder)
        let size = try #require(attributes[.systemSize] as? Int)
        return size - (try #require(attributes[.systemFreeSize] as? Int))
    }

    private static func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
