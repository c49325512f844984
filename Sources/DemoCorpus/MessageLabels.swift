import SeededRandomness

/// What a message is about.
enum Topic: String, CaseIterable {
    case delivery, billing, quality, app, staff, membership

    /// A topic with its share of the mail: 30, 20, 18, 14, 10 and 8 per cent.
    static func drawn(using generator: inout SplitMix64) -> Topic {
        switch generator.unit() {
        case ..<0.30: .delivery
        case ..<0.50: .billing
        case ..<0.68: .quality
        case ..<0.82: .app
        case ..<0.92: .staff
        default: .membership
        }
    }
}

/// How the writer feels about it.
enum Sentiment: String, CaseIterable {
    case negative, neutral, positive

    /// A feeling with its share of the mail: 42, 26 and 32 per cent.
    static func drawn(using generator: inout SplitMix64) -> Sentiment {
        switch generator.unit() {
        case ..<0.42: .negative
        case ..<0.68: .neutral
        default: .positive
        }
    }
}
