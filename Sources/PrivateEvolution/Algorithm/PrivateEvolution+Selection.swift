extension PrivateEvolution {
    /// The kept candidates, class after class, best first where the rule ranks.
    func select(
        from population: [Individual<Candidate>],
        counts: [Double],
        sizes: [Int],
        seeds: IterationSeeds
    ) -> [Individual<Candidate>] {
        var generator = seeds.generator(for: .selection)
        return sizes.indices.flatMap { index in
            let members = population.indices.filter { population[$0].classIndex == index }
            let chosen = settings.selection.select(
                keeping: sizes[index],
                from: members.map { counts[$0] },
                threshold: settings.threshold,
                using: &generator
            )
            return chosen.map { population[members[$0]] }
        }
    }
}
