package import DifferentialPrivacy

extension EvolutionFolder {
    /// The furthest place in the ledger that any file of the run knows of.
    package func newestPosition(iterations: Int) throws -> LedgerPosition? {
        guard let names = try files.names(in: path) else { return nil }
        var positions: [LedgerPosition] = []
        if let file = try read(ClassSizesFile.self, from: ClassSizesFile.name, in: path) {
            positions += [file.ledger].compactMap(\.self)
        }
        for number in 1...max(iterations, 1) where names.contains(Self.iterationName(number)) {
            let place = path + "/" + Self.iterationName(number)
            if let file = try read(HistogramFile.self, from: HistogramFile.name, in: place) {
                positions.append(file.ledger)
            }
        }
        return positions.max { $0.entries < $1.entries }
    }
}

extension LedgerWitness {
    /// The noisy counts of an evolution, each of which knows how far the ledger had come.
    package static let iterations = LedgerWitness { folder, record in
        guard record.header.method == .evolve else { return nil }
        let most = record.header.planned.reduce(0) { $0 + $1.count }
        let position = try? EvolutionFolder(path: folder).newestPosition(iterations: most)
        guard let position, !record.covers(position) else { return nil }
        return position
    }
}
