import CLinux
import Foundation

/// What a process that holds private text or secrets does before it touches them.
enum ProcessHardening {
    /// Lets a write to a closed pipe, or beyond a limit on file sizes, fail with an error instead of
    /// ending the process.
    static func reportFailedWrites() {
        for number in [SIGPIPE, SIGXFSZ] { _ = signal(number, SIG_IGN) }
    }

    /// Keeps memory out of core files, backtraces and other users' reach.
    ///
    /// - New files are readable by their owner alone.
    /// - No core file, not even through a pipe to a crash handler, and no attaching debugger of
    ///   the same user.
    /// - The Swift runtime's backtracer, which prints registers and memory around a crash, is
    ///   switched off by giving the crash signals their default action back.
    static func protectPrivateMemory() {
        umask(0o077)
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        _ = linux_forbid_dumping()
        for crash in [SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGQUIT] {
            _ = signal(crash, SIG_DFL)
        }
        MemoryExhaustion.report()
    }
}

/// Ends a process that runs out of memory with a message and `CommandStatus.inputOutput`.
///
/// Swift's allocator and the libraries in C end the process with a signal where there is no memory. What
/// a run has reserved stays in its ledger and its last checkpoint is complete, as with any other end.
enum MemoryExhaustion {
    /// With less address space than this below its limit, memory is what a process died of: no single
    /// allocation of ours is larger, but for parameters.
    private static let scarce = 256 << 20
    private static let message = Array(
        ("dpscribe: out of memory; raise the limit (ulimit -v), or use fewer --threads, a smaller"
            + " --micro-batch-size or a smaller model. A run can be continued with --resume\n").utf8
    )

    /// Starts to tell exhaustion from faults; has no effect without a limit on address space.
    ///
    /// Other signals that end a process for its own fault, and faults with memory to spare, keep their
    /// default action: no backtrace, no core file.
    static func report() {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
            limit.rlim_cur != .max
        else { return }
        // The handler must find everything made.
        _ = message.count
        _ = scarce
        for number in [SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGTRAP] {
            _ = signal(number) { MemoryExhaustion.ended(by: $0) }
        }
    }

    /// Runs in a process that is broken: it may call what is safe in a handler and nothing else.
    private static func ended(by number: Int32) {
        if linux_free_address_space() < scarce {
            _ = unsafe write(STDERR_FILENO, message, message.count)
            _exit(CommandStatus.inputOutput.rawValue)
        }
        _ = signal(number, SIG_DFL)
        _ = raise(number)
    }
}
