/// Defects of norms that tests of a debug build plant, to show that they are noticed; none in a release build.
package struct NormDefects: Sendable {
    #if DEBUG
    /// Norms without the cross terms of tied parameters.
    package var omitsCrossTerms = false
    /// Norms as they are computed, without a bound of what is added.
    package var omitsErrorBounds = false
    #else
    var omitsCrossTerms: Bool { false }
    var omitsErrorBounds: Bool { false }
    #endif

    /// No defect.
    package init() {}
}
