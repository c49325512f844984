import LabelProbe
import Testing

@testable import CommandLineTool

@Suite struct LabelQuotasTests {
    /// A text of one column with two values, the second of which is that likely.
    private func candidate(_ probability: Double) -> LabelQuotas.Candidate {
        let posterior = LabelProbe.Posterior(columns: [[1 - probability, probability]])
        return .init(posterior: posterior, labels: posterior.likeliest)
    }

    private func quotas(
        _ counts: [Int],
        dropped: Double = 0,
        _ pool: [Double]
    ) -> LabelQuotas {
        var quotas = LabelQuotas(
            counts.enumerated().map { ([$0], $1) },
            dropped: dropped
        )
        quotas.add(pool.map(candidate))
        return quotas
    }

    @Test func textsAreTakenInTheirOrderUntilALabelIsFull() {
        let quotas = quotas([2, 1], [0.1, 0.9, 0.2, 0.3, 0.8])
        #expect(quotas.missing == [0, 0])
        #expect(
            quotas.chosen() == [
                .init(text: 0, part: 0, isOwn: true), .init(text: 2, part: 0, isOwn: true),
                .init(text: 1, part: 1, isOwn: true),
            ]
        )
    }

    @Test func whatIsMissingIsSaidAndThenFilledByTheLikeliest() {
        var quotas = quotas([1, 3], [0.1, 0.9, 0.4, 0.3])
        #expect(quotas.missing == [0, 2])
        #expect(
            quotas.chosen() == [
                .init(text: 0, part: 0, isOwn: true), .init(text: 1, part: 1, isOwn: true),
                .init(text: 2, part: 1, isOwn: false), .init(text: 3, part: 1, isOwn: false),
            ]
        )
        quotas.add([candidate(0.7), candidate(0.6)])
        #expect(quotas.missing == [0, 0])
        #expect(quotas.chosen().map(\.text) == [0, 1, 4, 5])
    }

    @Test func theLeastSureAreDropped() {
        let quotas = quotas([0, 2], dropped: 0.5, [0.6, 0.9, 0.7, 0.8])
        #expect(quotas.missing == [0, 0])
        #expect(quotas.chosen().map(\.text) == [1, 3])
        #expect(self.quotas([0, 3], dropped: 0.5, [0.6, 0.9, 0.7, 0.8]).missing == [0, 1])
    }

    @Test func noTextStandsTwiceAndAPoolMayBeTooSmall() {
        let chosen = quotas([3, 3], [0.1, 0.2, 0.6]).chosen()
        #expect(Set(chosen.map(\.text)).count == 3 && chosen.count == 3)
    }
}
