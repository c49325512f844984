import Foundation
import Testing

@testable import DifferentialPrivacy

@Suite struct GroupPrivacyTests {
    let training = PrivacyEvent.training(
        noiseMultiplier: 3,
        samplingProbability: 0.02,
        steps: 200
    )

    @Test func aGroupOfOneIsTheUnit() throws {
        let alone = try PrivacyAccounting.guarantee(of: training, delta: 1e-6)
        #expect(try GroupPrivacy.guarantee(of: training, size: 1, delta: 1e-6) == alone)
    }

    @Test func largerGroupsHaveLargerEpsilon() throws {
        let epsilons = try [1, 2, 5, 10].map {
            try GroupPrivacy.guarantee(of: training, size: $0, delta: 1e-6).epsilon
        }
        #expect(epsilons == epsilons.sorted() && epsilons.allSatisfy(\.isFinite))
        #expect(epsilons[1] > epsilons[0] * 1.2)
    }

    /// A Gaussian seen by k units is exactly a Gaussian with k times the sensitivity.
    @Test(arguments: [2, 5, 10])
    func gaussiansScaleExactly(size: Int) throws {
        let event = PrivacyEvent.gaussians(noiseMultiplier: 40, count: 10)
        let scaled = PrivacyEvent.gaussians(noiseMultiplier: 40 / Double(size), count: 10)
        let exact = try PrivacyAccounting.guarantee(of: scaled, delta: 1e-6)
        #expect(try GroupPrivacy.guarantee(of: event, size: size, delta: 1e-6) == exact)
    }

    /// One step at a time the group's divergence is known: Bin(k, q) units join, and the mixture's
    /// hockey-stick divergence is a one-dimensional integral.
    @Test(arguments: [2, 5])
    func boundsTheTrueDivergenceOfOneStep(size: Int) throws {
        let (q, sigma, delta) = (0.05, 1.5, 1e-4)
        let event = PrivacyEvent.poissonSampled(
            probability: q,
            .gaussian(noiseMultiplier: sigma)
        )
        let epsilon = try GroupPrivacy.guarantee(of: event, size: size, delta: delta).epsilon
        var divergence = 0.0
        let step = 1e-3
        for cell in -20_000..<30_000 {
            let x = (Double(cell) + 0.5) * step
            let null = exp(-x * x / (2 * sigma * sigma))
            var mixture = 0.0
            for joined in 0...size {
                let ways = (0..<joined).reduce(1.0) { $0 * Double(size - $1) / Double($1 + 1) }
                let weight = ways * pow(q, Double(joined)) * pow(1 - q, Double(size - joined))
                let y = x - Double(joined)
                mixture += weight * exp(-y * y / (2 * sigma * sigma))
            }
            divergence += max(0, mixture - exp(epsilon) * null) * step
        }
        #expect(divergence / (sigma * (2 * Double.pi).squareRoot()) <= delta)
    }

    @Test func aMixtureOfOneIsTheSubsampledGaussian() throws {
        let mixture = try #require(
            GroupMixtureRDP(size: 1, samplingProbability: 0.02, noiseMultiplier: 1.1)
        )
        #expect(mixture.orders.last == 256)
        for order in [1.5, 2, 7.3, 32, 256] {
            let exact = try SubsampledGaussianRDP.divergence(
                order: order,
                samplingProbability: 0.02,
                noiseMultiplier: 1.1
            )
            #expect(mixture.divergence(order: order) >= exact * (1 - 1e-12))
            #expect(mixture.divergence(order: order) <= exact * (1 + 1e-9) + 2e-12)
        }
    }

    /// Little noise needs narrow nodes: the largest orders go, those that matter stay.
    @Test func littleNoiseLeavesTheOrdersThatMatter() throws {
        let mixture = try #require(
            GroupMixtureRDP(size: 10, samplingProbability: 0.05, noiseMultiplier: 0.2)
        )
        let largest = try #require(mixture.orders.last)
        #expect(largest > 8 && largest < 256)
    }

    @Test func statementHoldsEveryFigure() throws {
        let statement = try PrivacyStatement(of: training, delta: 1e-6)
        #expect(statement.gaussianMu == nil)
        #expect(statement.profile.map(\.delta) == PrivacyStatement.profileDeltas)
        let epsilons = statement.profile.map(\.epsilon)
        #expect(epsilons == epsilons.sorted())
        #expect(statement.withoutAmplification.accountant == .gaussian)
        #expect(statement.withoutAmplification.epsilon > statement.guarantee.epsilon)
        #expect(statement.groups.keys.sorted() == PrivacyStatement.groupSizes)
        let votes = PrivacyEvent.gaussians(noiseMultiplier: 8, count: 16)
        #expect(try PrivacyStatement(of: votes, delta: 1e-6).gaussianMu == 0.5)
    }
}
