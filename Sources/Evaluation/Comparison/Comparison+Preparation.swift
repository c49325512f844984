import Corpus
import SeededRandomness

extension Comparison {
    /// Checks names, columns and counts before any work.
    func validate() throws {
        guard !inputs.seeds.isEmpty else { throw EvaluationError.noSeeds }
        var names = Set(ComparisonRow.Reference.allCases.map(\.rawValue))
        for set in inputs.synthetic where !names.insert(set.name).inserted {
            throw EvaluationError.duplicateName(set.name)
        }
        for column in inputs.labelColumns where inputs.realTest.labels[column] == nil {
            throw EvaluationError.missingTestLabels(column: column)
        }
        var sets = inputs.synthetic.map { ($0.name, $0.set) }
        sets.append(("the real test file", inputs.realTest))
        if let train = inputs.realTrain { sets.append(("the real training file", train)) }
        if let base = inputs.untunedBase { sets.append(("untuned-base", base)) }
        for (name, set) in sets {
            if set.droppingBlanks().set.texts.isEmpty { throw EvaluationError.noTexts(set: name) }
            for (column, values) in set.labels where values.count != set.texts.count {
                throw EvaluationError.labelCountMismatch(
                    set: name,
                    column: column,
                    texts: set.texts.count,
                    labels: values.count
                )
            }
        }
    }

    /// The test texts and every row's texts, with equally many texts drawn for each.
    func prepare() throws -> (test: TestTexts, rows: [RowSource]) {
        let alignments = Dictionary(
            uniqueKeysWithValues: inputs.labelColumns.map { column in
                let found = Set(inputs.realTest.labels[column] ?? []).sorted()
                return (column, LabelAlignment(values: inputs.labelValues[column] ?? found))
            }
        )
        var test = try testTexts(alignments)
        if inputs.realTrain == nil {
            test.halves = RealHalves(
                texts: test.features.texts,
                classes: test.classes,
                seed: inputs.seeds[0]
            )
        }
        var rows = try references(alignments, test: test)
        if inputs.realTrain == nil {
            // Half of the real texts stands in for training texts and then judges nothing.
            test.compared = Array(0..<test.features.texts.count)
        }
        test.compared = sample(test.compared, TestTexts.comparedLimit, seed: inputs.seeds[0])
        for set in inputs.synthetic {
            var row = try source(
                name: set.name,
                reference: nil,
                set: set.set,
                alignments: alignments
            )
            row.series = set.series ?? set.name
            row.claim = set.claim
            row.notes = set.notes
            rows.append(row)
        }
        let sizes = rows.filter { inputs.realTrain != nil || $0.reference != .real }
            .map(\.features.texts.count).filter { $0 > 0 }
        let size = sizes.min() ?? 0
        for index in rows.indices {
            let members = Array(rows[index].features.texts.indices)
            rows[index].samples = inputs.seeds.map { sample(members, size, seed: $0) }
        }
        compareMixes(&rows, &test)
        name(alignments, rows, &test)
        if inputs.realTrain != nil, let real = rows.first(where: { $0.reference == .real }) {
            let places = TestTextsInTraining.places(of: test.features, in: real.features)
            test.isInTraining = places.map(\.normalised)
            test.inTraining = TestTextsInTraining(
                exact: places.count { $0.exact },
                isNormalised: test.isInTraining
            )
        }
        return (test, rows)
    }

    /// Counts the labels of every row, and says where they are mixed otherwise than in the test texts.
    private func compareMixes(_ rows: inout [RowSource], _ test: inout TestTexts) {
        for column in inputs.labelColumns {
            let classCount = test.classCounts[column] ?? 0
            let mix = LabelMix(test.classes[column] ?? [], classCount: classCount)
            test.mixes[column] = mix
            for index in rows.indices {
                guard let classes = rows[index].classes[column], !rows[index].measured.isEmpty
                else {
                    continue
                }
                let own = LabelMix(
                    rows[index].measured.map { classes[$0] },
                    classCount: classCount
                )
                rows[index].mixes[column] = own
                guard own.differs(from: mix) else { continue }
                test.equalMixes[column] = mix
                rows[index].flags.append(RowFlags.mix(column, distance: own.distance(to: mix)))
            }
        }
    }

    /// Names the classes of every column.
    private func name(
        _ alignments: [String: LabelAlignment],
        _ rows: [RowSource],
        _ test: inout TestTexts
    ) {
        for (column, alignment) in alignments {
            let carried = Set(
                rows.filter { $0.reference == nil }
                    .flatMap { ($0.classes[column] ?? []).compactMap(\.self) }
            )
            test.labelNames[column] = alignment.values.enumerated().map { place, value in
                inputs.labelValues[column] != nil || carried.contains(place)
                    ? value : "value \(place + 1)"
            }
        }
    }

    private func testTexts(_ alignments: [String: LabelAlignment]) throws -> TestTexts {
        let row = try source(
            name: "the real test file",
            reference: nil,
            set: inputs.realTest,
            alignments: alignments
        )
        return TestTexts(
            features: row.features,
            classes: row.classes,
            classCounts: alignments.mapValues { $0.values.count },
            compared: Array(row.features.texts.indices)
        )
    }

    private func references(
        _ alignments: [String: LabelAlignment],
        test: TestTexts
    ) throws -> [RowSource] {
        var majority = try source(
            name: "",
            reference: .majorityClass,
            set: TextSet(texts: []),
            alignments: [:]
        )
        majority.flags = []
        var real: RowSource
        if let train = inputs.realTrain {
            real = try source(name: "", reference: .real, set: train, alignments: alignments)
        } else {
            let half = test.halves?.training ?? []
            real = RowSource(
                name: "real",
                reference: .real,
                series: "real",
                features: test.features.selecting(half),
                classes: test.classes.mapValues { column in half.map { column[$0] } }
            )
            real.flags = [
                "no real training file: trained on \(half.count) real test texts, drawn evenly from "
                    + "every label, and tested on the others, so its number of texts differs from the other rows'"
            ]
        }
        real.flags += RowFlags.script(test.features.texts, of: "the real test texts")
        guard let texts = inputs.untunedBase else {
            var base = majority
            base.name = ComparisonRow.Reference.untunedBase.rawValue
            base.reference = .untunedBase
            base.series = base.name
            base.flags = ["no texts of the base model were given"]
            return [majority, real, base]
        }
        let base = try source(name: "", reference: .untunedBase, set: texts, alignments: alignments)
        return [majority, real, base]
    }

    private func source(
        name: String,
        reference: ComparisonRow.Reference?,
        set: TextSet,
        alignments: [String: LabelAlignment]
    ) throws -> RowSource {
        let (kept, dropped) = set.droppingBlanks()
        var classes: [String: [Int?]] = [:]
        var flags = dropped > 0 ? ["\(dropped) texts are blank and left out"] : []
        for (column, alignment) in alignments {
            classes[column] = kept.labels[column].map { $0.map(alignment.classIndex(of:)) }
        }
        for column in inputs.labelColumns {
            guard let alignment = alignments[column] else { continue }
            flags += RowFlags.labels(
                classes[column],
                column: column,
                classCount: alignment.values.count,
                arePublic: inputs.labelValues[column] != nil
            )
        }
        flags += RowFlags.script(kept.texts)
        let name = reference?.rawValue ?? name
        return RowSource(
            name: name,
            reference: reference,
            series: name,
            features: try TextFeatures(kept.texts, parallel: parallel),
            classes: classes,
            flags: flags
        )
    }

    /// `size` of `members` without replacement, in their order; all of them if there are no more.
    func sample(_ members: [Int], _ size: Int, seed: UInt64) -> [Int] {
        guard members.count > size else { return members }
        var generator = SplitMix64(seed: seed, stream: 0x5A3E)
        return members.shuffled(using: &generator).prefix(size).sorted()
    }
}
