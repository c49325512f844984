import Foundation
import Testing

/// Numbers of scikit-learn, scipy and mauve-text for the same inputs (Fixtures/make_fixtures.py).
struct ReferenceFixture: Decodable {
    struct Classifier: Decodable {
        let probabilities: [[Double]]
        let accuracy: Double
        let macroF1: Double

        enum CodingKeys: String, CodingKey {
            case probabilities, accuracy
            case macroF1 = "macro_f1"
        }
    }

    let train: [String]
    let trainLabels: [String]
    let test: [String]
    let testLabels: [String]
    let classifier: Classifier
    let p: [[Float]]
    let q: [[Float]]
    let frechet: Double
    let precision: Double
    let recall: Double
    let mauve: [Double]
    let lengthWasserstein: Double
    let distinct: [Double]
    let selfBLEU: [Double]

    enum CodingKeys: String, CodingKey {
        case train, test, classifier, p, q, frechet, precision, recall, mauve, distinct
        case trainLabels = "train_labels"
        case testLabels = "test_labels"
        case lengthWasserstein = "length_wasserstein"
        case selfBLEU = "self_bleu"
    }

    static func load() throws -> ReferenceFixture {
        let url = try #require(
            Bundle.module.url(
                forResource: "reference",
                withExtension: "json",
                subdirectory: "Fixtures"
            )
        )
        return try JSONDecoder().decode(ReferenceFixture.self, from: Data(contentsOf: url))
    }
}
