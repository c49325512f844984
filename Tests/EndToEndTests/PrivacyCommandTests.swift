import Foundation
import Testing

@Suite struct PrivacyCommandTests {
    private func epsilon(_ arguments: String) throws -> [String: Any] {
        try Tool.run(
            ["privacy", "epsilon", "--json"] + arguments.split(separator: " ").map(String.init)
        )
        .json()
    }

    @Test func epsilonOfAKnownTrainingByEachAccountant() throws {
        let training = "--noise-multiplier 1 --sampling-probability 0.01 --steps 1000 --delta 1e-5"
        // Reference values: Rényi with signed fractional series, and connect-the-dots PLD, dp-accounting 0.6.0.
        let rdp = try epsilon(training + " --accountant rdp")
        #expect(abs(try #require(rdp["epsilon"] as? Double) - 2.101365) < 1e-6)
        #expect(rdp["accountant"] as? String == "rdp")
        #expect(rdp["order"] as? Double == 7.8)
        for accountant in ["pld", "best"] {
            let pld = try epsilon(training + " --accountant \(accountant)")
            let value = try #require(pld["epsilon"] as? Double)
            #expect(value > 1.828244 - 1e-4 && value < 1.828244 * 1.001 + 1e-3)
            #expect(pld["accountant"] as? String == "pld")
            #expect(pld["order"] == nil)
            #expect(pld["delta"] as? Double == 1e-5)
        }
    }

    @Test func anExactGaussian() throws {
        // Balle and Wang 2018: sigma 4.2247 is calibrated to epsilon 1 at delta 1e-6.
        let exact = try epsilon(
            "--noise-multiplier 4.2247 --sampling-probability 1 --steps 1 --delta 1e-6 --accountant gaussian"
        )
        #expect(abs(try #require(exact["epsilon"] as? Double) - 1) < 1e-4)
    }

    @Test func noNoiseIsNoPrivacy() throws {
        let none = try epsilon(
            "--noise-multiplier 0 --sampling-probability 0.1 --steps 10 --delta 1e-5"
        )
        #expect(none["epsilon"] as? String == "inf")
    }

    @Test func noiseForATargetReachesItFromBelow() throws {
        let schedule = ["--sampling-probability", "0.02", "--steps", "500", "--delta", "1e-6"]
        for target in [0.5, 2, 8] {
            let noise = try Tool.run(
                ["privacy", "noise", "--json", "--epsilon", "\(target)"] + schedule
            ).json()
            let multiplier = try #require(noise["noise_multiplier"] as? Double)
            let reached = try #require(noise["epsilon"] as? Double)
            #expect(reached <= target && reached > target * 0.999)
            let check = try Tool.run(
                ["privacy", "epsilon", "--json", "--noise-multiplier", "\(multiplier)"] + schedule
            ).json()
            // The two sum the same losses on different grids.
            let again = try #require(check["epsilon"] as? Double)
            #expect(abs(again - reached) < 1e-9 * reached)
            #expect(noise["delta"] as? Double == 1e-6)
            #expect(noise["accountant"] is String)
        }
    }

    @Test(arguments: [
        "--noise-multiplier=-1 --sampling-probability 0.1 --steps 10 --delta 1e-5",
        "--noise-multiplier nan --sampling-probability 0.1 --steps 10 --delta 1e-5",
        "--noise-multiplier 1 --sampling-probability 1.5 --steps 10 --delta 1e-5",
        "--noise-multiplier 1 --sampling-probability 0.1 --steps=-3 --delta 1e-5",
        "--noise-multiplier 1 --sampling-probability 0.1 --steps 10 --delta=-1",
        "--noise-multiplier 1 --sampling-probability 0.1 --steps 10 --delta -1",
        "--noise-multiplier 1 --sampling-probability 0.1 --steps 10 --delta 1.5",
        "--noise-multiplier 1 --sampling-probability 0.1 --steps 10 --delta 1",
        "--noise-multiplier 1 --sampling-probability 0.1 --steps 10 --delta inf",
        "--noise-multiplier 1 --sampling-probability 0.1 --steps 0 --delta 2",
        "--noise-multiplier 1 --sampling-probability 0.1 --steps 10 --delta 1e-5 --accountant gaussian",
    ])
    func impossibleParametersAreABadConfiguration(arguments: String) throws {
        let outcome = try Tool.run(
            ["privacy", "epsilon"] + arguments.split(separator: " ").map(String.init)
        )
        #expect(outcome.status == 78)
        #expect(outcome.output.isEmpty && !outcome.errors.isEmpty)
    }

    @Test func anUnreachableTargetSaysSo() throws {
        let outcome = try Tool.run([
            "privacy", "noise", "--epsilon", "0", "--sampling-probability", "0.1", "--steps", "10",
            "--delta", "1e-6",
        ])
        #expect(outcome.status == 3 || outcome.status == 78)
    }

    @Test func textRoundsEpsilonUp() throws {
        let training = [
            "--noise-multiplier", "1", "--sampling-probability", "0.01", "--steps", "1000",
            "--delta", "1e-5", "--accountant", "rdp",
        ]
        let text = try Tool.run(["privacy", "epsilon"] + training).output
        #expect(text.contains("2.1014"))
    }

    @Test func aPlanIsTheRecipesWhereNothingIsSaidAndSaysHowFarItWasMeasured() throws {
        func plan(
            _ records: Int,
            _ more: [String] = [],
            epsilon: String = "8"
        ) throws -> [String: Any] {
            try Tool.run(
                [
                    "plan", "--records", "\(records)", "--epsilon", epsilon, "--delta", "1e-7",
                    "--json",
                    "--tokens-per-second", "1000",
                ] + more
            ).json()
        }
        let own = try plan(20_000)
        #expect(own["batch_size"] as? Int == 1_000)
        #expect(own["recipe"] as? String == "measured")
        #expect(try #require(own["epsilon"] as? Double) <= 8)
        let told = try plan(40_030, ["--batch-size", "1024", "--epochs", "6"])
        #expect(told["batch_size"] as? Int == 1_024)
        #expect(told["steps"] as? Int == 235)
        // 235 steps of 1,024 records of 64 tokens, at 1,000 a second.
        let hours = try #require(told["hours"] as? Double)
        #expect(abs(hours - 235 * 1_024 * 64 / 3.6e6) < 1e-9)
        #expect(try plan(1_000_000)["recipe"] as? String == "extrapolated")
        #expect(try plan(40_030, epsilon: "0.1")["recipe"] as? String == "extrapolated")
        #expect(try plan(40_030, epsilon: "1")["recipe"] as? String == "measured")
        #expect(
            try Tool.run(["plan", "--records", "0", "--epsilon", "8", "--delta", "1e-7"]).status
                == 78
        )
    }

    @Test func aPlanMeasuresItsSpeedAndNeedsNoDeltaWithoutABudget() throws {
        let plan = try Tool.run([
            "plan", "--records", "2000", "--batch-size", "200", "--epochs", "1", "--epsilon", "inf",
            "--model", TinyModel.path(), "--sequence-length", "24", "--json",
        ])
        #expect(plan.status == 0, "\(plan.errors)")
        let found = try plan.json()
        #expect(found["epsilon"] as? String == "inf" && found["noise_multiplier"] as? Double == 0)
        #expect(try #require(found["hours"] as? Double) > 0)
        #expect(try #require(found["speed"] as? String).contains("measured"))
    }

    @Test(arguments: [
        ["--epsilon", "8"], ["--epsilon", "8", "--delta", "1.5"], ["--epsilon", "-1"],
        ["--epsilon", "inf", "--noise-multiplier", "1"], ["--epsilon", "8", "--delta", "nan"],
        ["--epsilon", "8", "--delta", "1e-5", "--tokens-per-second", "inf"],
        ["--epsilon", "8", "--delta", "1e-5", "--batch-size", "1001"],
    ])
    func anImpossiblePlanNamesTheOption(arguments: [String]) throws {
        let outcome = try Tool.run(
            ["plan", "--records", "1000", "--batch-size", "100", "--epochs", "1"] + arguments
        )
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("--") && outcome.output.isEmpty, "\(outcome.errors)")
    }
}
