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
