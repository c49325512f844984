/// A method that turns a privacy event into a valid upper bound of epsilon.
public enum Accountant: String, Codable, Sendable, CaseIterable {
    /// The smallest of the valid bounds that the others give; reports name which one it was.
    case best
    /// Rényi divergences, added up and converted (Canonne, Kamath, Steinke 2020).
    case rdp
    /// Privacy loss distributions, discretised pessimistically and convolved.
    case pld
    /// The exact curve of composed Gaussians (Balle & Wang 2018); refuses subsampling.
    case gaussian
}
