/// Measures wall-clock time.
package enum Stopwatch {
    /// The seconds that `body` takes.
    package static func seconds(_ body: () throws -> Void) rethrows -> Double {
        try ContinuousClock().measure(body) / .seconds(1)
    }
}
