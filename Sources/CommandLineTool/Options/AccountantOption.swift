public import ArgumentParser
public import DifferentialPrivacy

extension Accountant: ExpressibleByArgument {}

/// `--accountant`.
struct AccountantOption: ParsableArguments {
    @Option(
        help: """
            Which upper bound of epsilon: the smallest (best), Rényi (rdp), privacy loss \
            distribution (pld), or the exact Gaussian curve without sampling (gaussian).
            """
    )
    var accountant: Accountant = .best
}
