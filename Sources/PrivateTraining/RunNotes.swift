import Corpus
import DifferentialPrivacy

/// What a user must know about a run, said on the console and in its manifest.
struct RunNotes {
    let lines: [String]

    init(_ description: RunDescription) {
        var lines: [String] = []
        if description.notPrivate { lines.append("NOT PRIVATE: this run gives no guarantee.") }
        let plan = description.plan
        let unit = description.userColumn == nil ? "records" : "users"
        if description.datasetSizeSource == .corpus {
            lines.append(
                "The number of \(unit), \(plan.schedule.unitCount), is treated as public."
                    + " Pass --dataset-size to use another public number."
            )
        }
        if description.labelValuesSource == .corpus {
            lines += description.labels.warningsWhereFound(among: plan.schedule.unitCount)
        }
        self.lines = lines
    }
}
