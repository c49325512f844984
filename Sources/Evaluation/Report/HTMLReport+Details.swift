extension HTMLReport {
    /// Who guarantees what.
    var guarantees: String {
        let body = report.methods.map { row in
            guard let claim = row.privacy else {
                return [row.name, "not stated", "–", "–", "–", "–", "–"]
            }
            return [
                row.name, ReportNumber.epsilon(claim.epsilon),
                claim.epsilon.isFinite ? ReportNumber.delta(claim.delta) : "–",
                claim.unit,
                claim.relation, claim.accountant,
                claim.source == .manifest ? "manifest" : "user’s claim",
            ]
        }
        return "<section><h2>Guarantees</h2>"
            + Self.grid(["", "ε", "δ", "Unit", "Relation", "Accountant", "According to"], body)
            + "<p class=\"caption\">ε and δ are rounded upwards.</p></section>"
    }

    /// Flags and notes, by row.
    var remarks: String? {
        let items = report.rows.filter { !$0.flags.isEmpty || !$0.notes.isEmpty }.map { row in
            let sentences = (row.flags + row.notes).map { "<li>\(HTMLText.escaped($0))</li>" }
            return "<dt>\(HTMLText.escaped(row.name))</dt><dd><ul>\(sentences.joined())</ul></dd>"
        }
        guard !items.isEmpty else { return nil }
        return "<section><h2>Read before comparing</h2><dl>\(items.joined())</dl></section>"
    }

    /// Accuracy of every seed.
    var seeds: String? {
        let body = report.rows.flatMap { row in
            report.context.labelColumns.compactMap { column -> [String]? in
                guard let values = row.metrics.accuracySeeds[column], !values.isEmpty else {
                    return nil
                }
                return [row.name, column] + values.map { ReportNumber.fixed($0, 3) }
            }
        }
        guard !body.isEmpty else { return nil }
        return "<section><h2>Every seed</h2>"
            + Self.grid(["", "Column"] + report.context.seeds.map { "seed \($0)" }, body)
            + "<p class=\"caption\">\(ReportMethod.seedsCaption)</p></section>"
    }

    /// Overlap with private training texts beside the held-out baseline.
    var overlap: String? {
        guard let held = report.context.heldOutOverlap else { return nil }
        func cells(_ name: String, _ overlap: TrainingOverlap) -> [String] {
            [
                name, ReportNumber.fixed(overlap.meanLongestNGram, 2),
                String(overlap.highLongestNGram), String(overlap.maximumLongestNGram),
                ReportNumber.fixed(overlap.nearDuplicateShare, 4),
            ]
        }
        let body =
            [cells("real test texts (baseline)", held)]
            + report.rows.compactMap { row in
                row.metrics.trainingOverlap.map { cells(row.name, $0) }
            }
        return "<section><h2>Overlap with the private training texts</h2>"
            + Self.grid(
                [
                    "", "Longest shared words, mean", "95th percentile", "Longest",
                    "Near-duplicates",
                ],
                body
            )
            + "<p class=\"caption\">Internal, not differentially private. Real texts that no method "
            + "saw share this much by chance; a method that shares clearly more has memorised."
            + "</p></section>"
    }

    private static func grid(_ titles: [String], _ rows: [[String]]) -> String {
        let head = titles.map { "<th>\(HTMLText.escaped($0))</th>" }.joined()
        let body = rows.map { row in
            "<tr><th scope=\"row\">\(HTMLText.escaped(row[0]))</th>"
                + row.dropFirst().map { "<td>\(HTMLText.escaped($0))</td>" }.joined() + "</tr>"
        }
        return "<div class=\"wide\"><table><thead><tr>\(head)</tr></thead>"
            + "<tbody>\(body.joined())</tbody></table></div>"
    }
}
