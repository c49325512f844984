/// What is said of every run of a method, whatever it spent.
extension PrivacyManifest {
    /// How settings were chosen, and what that leaves open.
    package static func tuning(of method: RunMethod, runs: Int) -> String {
        let others =
            runs == 1
            ? "This is the only run on this corpus in its folder"
            : "\(runs) runs on this corpus are in its folder, and all of them count in the total"
        let first =
            switch method {
            case .finetune:
                "Settings come from the recipe or from the user, were fixed before the first step"
            case .evolve:
                "Settings and prompts come from the user, were fixed before the first vote"
            case .fewshot:
                "Settings and instruction come from the user, were fixed before the first token"
            }
        return others + ". " + first + ", and were not chosen by any program from private results."
            + " Runs elsewhere that guided the choice would have to be added."
    }

    /// How text was drawn, if any is part of a release.
    package static func sampling(of method: RunMethod) -> String {
        switch method {
        case .finetune:
            "none is part of this release; drawing it from the model is post-processing and spends"
                + " nothing"
        case .evolve:
            "proposed by a generator that sees no private record, and kept by noisy votes alone; ε"
                + " covers the texts and noisy counts of all iterations together"
        case .fewshot:
            "chosen token by token from private prompts; ε covers all texts together, and noisy class"
                + " counts if there are any"
        }
    }

    /// What the guarantee does not cover.
    package static func limits(of method: RunMethod) -> [String] {
        switch method {
        case .finetune:
            [
                "Timing is outside the guarantee: whoever watches the machine learns about batch sizes.",
                floatingPoint,
                "Exact noise (level 2, --exact-noise) together with sampling: that the bounds, which are"
                    + " those of the continuous Gaussian, hold for the discrete one on its fine grid is"
                    + " plausible but not a published theorem; without sampling it is one.",
                sharedRecords,
                "Training settings outside the mechanism, such as the learning rate, are public.",
            ]
        case .evolve:
            [
                "Timing is outside the guarantee: whoever watches the machine learns how long it takes to"
                    + " embed the records and to count their votes, and so about their number and lengths.",
                floatingPoint,
                sharedRecords,
                "The texts are proposals of a public model, of which the votes choose some: what that"
                    + " model or the prompts know of anybody is not protected by this guarantee.",
                "Settings, prompts, the embedding and the proposing model are public. Choosing among them,"
                    + " or among iterations, by how good texts look beside private records would release"
                    + " something that is in no epsilon.",
            ]
        case .fewshot:
            [
                "Timing is outside the guarantee: whoever watches the machine learns how many records a"
                    + " prompt holds, how long they are, and how a token was drawn.",
                floatingPoint,
                sharedRecords,
                "What the model itself knows of anybody is not protected by this guarantee.",
                "Settings, instruction and model are public. Choosing among them by how good texts look"
                    + " beside private records would release something that is in no epsilon.",
            ]
        }
    }

    /// What only a person can know to be true.
    package static func assumptions(of method: RunMethod) -> [String] {
        let whatIsPublic =
            switch method {
            case .finetune:
                "The base model, the tokenizer, the label values and the number of units"
            case .evolve:
                "The model or endpoint that proposes, its prompts, what embeds, the label values, their"
                    + " distribution if one was stated, and the number of units"
            case .fewshot:
                "The model, the instruction, the label values, their distribution if one was stated, and"
                    + " the number of units"
            }
        let whatStaysPrivate =
            switch method {
            case .finetune: "private diagnostics and the corpus"
            case .evolve, .fewshot: "the corpus"
            }
        return [
            "Each unit is what the definition says: nobody has more records than the bound allows.",
            "The corpus was read under the same key folder each time; copies on other machines have"
                + " ledgers of their own and are not in the total.",
            whatIsPublic + " are public or were not taken from this corpus.",
            "The run's secret is deleted, and \(whatStaysPrivate) stayed private.",
        ]
    }

    /// What is said of an audit, or of there being none.
    package static func auditText(_ audit: AuditStatement?, of method: RunMethod) -> String {
        if let audit { return audit.sentence }
        return switch method {
        case .finetune:
            "none was supplied; `dpscribe audit mechanism` measures a lower bound of the privacy loss of"
                + " this build, which is not a proof"
        case .evolve:
            "none was supplied; `dpscribe audit mechanism` runs training steps, and says nothing of votes"
        case .fewshot:
            "none was supplied; `dpscribe audit mechanism` runs training steps, and says nothing of texts"
                + " chosen token by token"
        }
    }

    private static let floatingPoint =
        "Floating point: the accountants' bounds are for exact Gaussian noise; levels of noise differ in"
        + " how closely it is approximated."
    private static let sharedRecords =
        "A record that many people know, or that appears in several units, is protected as one unit each"
        + " time, not as a fact."
}
