import Foundation

/// What the cells that are left will cost, as far as it is known beforehand.
struct SweepCost {
    let sweep: SweepFile
    let cells: [SweepCell]
    /// One a cell; nil where the cell is still to be run.
    let records: [SweepRecord?]
    /// Seconds of cells by their names, where no finished cell tells.
    let estimates: [String: Double]

    /// Asks `plan` about the cells that are to be run; the first answer's speed serves the others.
    ///
    /// - Throws: `ChildFailure`, `ToolError.interrupted`.
    init(sweep: SweepFile, cells: [SweepCell], records: [SweepRecord?]) throws {
        (self.sweep, self.cells, self.records) = (sweep, cells, records)
        var estimates: [String: Double] = [:]
        var speed: [String] = []
        let left = zip(cells, records).filter { $0.1 == nil }.map(\.0)
        for cell in left where cell.run == left.first?.run {
            guard let arguments = cell.plan else { continue }
            let printed = try ChildCommand(arguments: arguments + speed).run()
            let answer = try JSONDecoder().decode(Plan.self, from: printed)
            speed = ["--tokens-per-second=\(answer.tokensPerSecond)"]
            for other in left where other.method == cell.method && other.epsilon == cell.epsilon {
                estimates[other.name] = 3_600 * answer.hours
            }
        }
        self.estimates = estimates
    }

    /// What `plan --json` says of time.
    private struct Plan: Decodable {
        let hours: Double
        let tokensPerSecond: Double

        private enum CodingKeys: String, CodingKey {
            case hours
            case tokensPerSecond = "tokens_per_second"
        }
    }

    /// Lines for the user: cells, budget, time.
    var lines: [String] {
        let left = zip(cells, records).filter { $0.1 == nil }.map(\.0)
        guard !left.isEmpty else { return ["all \(cells.count) cells are finished"] }
        return [
            "\(cells.count) cells, \(cells.count - left.count) of them finished",
            budget(cells),
            time(left),
        ].compactMap(\.self)
    }

    /// The sum is an upper bound; each run's ledger has the exact total.
    private func budget(_ cells: [SweepCell]) -> String? {
        let finite = cells.compactMap { Double($0.epsilon) }.filter(\.isFinite)
        let sum = ConsoleText.roundedUp(finite.reduce(0, +))
        let unlimited = cells.contains { $0.epsilon == "inf" }
        return "together they spend at most ε = \(sum) of this corpus"
            + (unlimited ? ", and the cells at inf are NOT PRIVATE" : "")
    }

    private func time(_ left: [SweepCell]) -> String? {
        var seconds = 0.0
        var unknown = 0
        for cell in left {
            if let estimate = meanSeconds(like: cell) ?? estimates[cell.name] {
                seconds += estimate
            } else {
                unknown += 1
            }
        }
        let known = ConsoleText.duration(seconds)
        if unknown == left.count { return "the time is known when a cell is finished" }
        return "about \(known), sampling not counted where no such cell is finished"
            + (unknown > 0 ? ", and \(unknown) cells of which none is finished" : "")
    }

    /// Cells at the same ε first: with and without privacy the recipe differs.
    private func meanSeconds(like cell: SweepCell) -> Double? {
        let finished = zip(cells, records).compactMap { other, record in
            record.flatMap { other.method == cell.method ? (other.epsilon, $0.seconds) : nil }
        }
        let closest = finished.filter { $0.0 == cell.epsilon }
        let seconds = (closest.isEmpty ? finished : closest).map(\.1)
        return seconds.isEmpty ? nil : seconds.reduce(0, +) / Double(seconds.count)
    }
}
