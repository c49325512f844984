import Evaluation

/// A small comparison over the fixture's texts: method b copies training texts, a is a mixture.
enum ComparisonFixture {
    static func claim(
        _ epsilon: Double,
        delta: Double = 1e-6,
        unit: PrivacyClaim.Unit = .record,
        source: PrivacyClaim.Source = .manifest
    ) -> PrivacyClaim {
        PrivacyClaim(
            epsilon: epsilon,
            delta: delta,
            unit: .known(unit),
            relation: .known(.addOrRemove),
            accountant: "pld",
            source: source
        )
    }

    static func set(_ texts: some Sequence<String>, _ labels: some Sequence<String>) -> TextSet {
        TextSet(texts: Array(texts), labels: ["topic": Array(labels)])
    }

    static func inputs() throws -> ComparisonInputs {
        let fixture = try ReferenceFixture.load()
        let train = set(fixture.train, fixture.trainLabels)
        let mixed = set(
            fixture.train.prefix(150).map { $0 + " more" },
            fixture.trainLabels.prefix(150)
        )
        return ComparisonInputs(
            realTest: set(fixture.test, fixture.testLabels),
            realTrain: train,
            untunedBase: set(fixture.train.prefix(120).reversed(), fixture.trainLabels.prefix(120)),
            synthetic: [
                SyntheticSet(name: "a", set: mixed, claim: claim(8)),
                SyntheticSet(
                    name: "b",
                    set: set(fixture.train.suffix(140), fixture.trainLabels.suffix(140)),
                    claim: claim(8, delta: 1e-5, source: .claimed),
                    notes: ["kept texts only"]
                ),
            ],
            labelColumns: ["topic"]
        )
    }
}
