import Foundation

/// Self-BLEU: the mean BLEU-4 of each text against all others of its set; high means repetitive.
///
///     BLEU = min(1, e^(1 − r/c)) · exp(¼ Σₙ ln precisionₙ),  n = 1…4
///
/// Zhu et al. 2018, arXiv:1802.01886; BLEU of Papineni et al. 2002 with clipped counts and the
/// reference length closest to c (the shorter on a tie). A precision without matches counts
/// 0.1 / total for n > 1; a text none of whose words occur elsewhere scores 0. A clipped count only
/// needs the two texts with the highest count of an n-gram, so the cost is linear in all words.
package enum SelfBLEU {
    /// The longest n-grams compared.
    private static let order = 4

    /// The two highest counts of one n-gram in any text, and the text with the highest.
    private struct Peak {
        var owner: Int
        var highest: Int
        var second = 0
    }

    /// The mean over all texts, in [0, 1]; 0 for fewer than two texts.
    package static func score(of texts: [[UInt64]]) -> Double {
        let values = scores(of: texts)
        return values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    /// Each text's BLEU against the others; empty for fewer than two texts.
    static func scores(of texts: [[UInt64]]) -> [Double] {
        guard texts.count > 1 else { return [] }
        var logarithms = [Double](repeating: 0, count: texts.count)
        for length in 1...order {
            let counts = texts.map { words in
                WordNGrams.hashes(of: words, length: length).reduce(into: [UInt64: Int]()) {
                    $0[$1, default: 0] += 1
                }
            }
            let peaks = peaks(of: counts)
            for (index, own) in counts.enumerated() {
                var matches = 0
                for (hash, count) in own {
                    guard let peak = peaks[hash] else { continue }
                    matches += min(count, peak.owner == index ? peak.second : peak.highest)
                }
                let total = max(1, own.values.reduce(0, +))
                let counted = matches > 0 ? Double(matches) : (length > 1 ? 0.1 : 0)
                logarithms[index] += log(counted / Double(total)) / Double(order)
            }
        }
        let lengths = LengthIndex(texts)
        return texts.indices.map { index in
            let length = texts[index].count
            guard length > 0 else { return 0 }
            let reference = lengths.closest(to: length)
            let penalty = length > reference ? 1 : exp(1 - Double(reference) / Double(length))
            return penalty * exp(logarithms[index])
        }
    }

    private static func peaks(of counts: [[UInt64: Int]]) -> [UInt64: Peak] {
        var peaks: [UInt64: Peak] = [:]
        for (index, own) in counts.enumerated() {
            for (hash, count) in own {
                guard var peak = peaks[hash] else {
                    peaks[hash] = Peak(owner: index, highest: count)
                    continue
                }
                if count > peak.highest {
                    peak = Peak(owner: index, highest: count, second: peak.highest)
                } else {
                    peak.second = max(peak.second, count)
                }
                peaks[hash] = peak
            }
        }
        return peaks
    }

    /// How many texts have each length, for finding the closest reference.
    private struct LengthIndex {
        private let counts: [Int]

        init(_ texts: [[UInt64]]) {
            var counts = [Int](repeating: 0, count: (texts.map(\.count).max() ?? 0) + 1)
            for words in texts { counts[words.count] += 1 }
            self.counts = counts
        }

        /// The length nearest to `length` among all texts but one of that length.
        func closest(to length: Int) -> Int {
            if counts[length] > 1 { return length }
            for distance in 1..<max(counts.count, 2) {
                if length - distance >= 0, counts[length - distance] > 0 {
                    return length - distance
                }
                if length + distance < counts.count, counts[length + distance] > 0 {
                    return length + distance
                }
            }
            return length
        }
    }
}
