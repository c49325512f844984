import ArgumentParser

/// `dpscribe audit`: measurements that can refute a privacy claim.
struct Audit: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure from below what is given away.",
        discussion: "A lower bound can refute a guarantee. It never proves one.",
        subcommands: [AuditMechanism.self]
    )
}
