import TestData
import Testing

@testable import Corpus

@Suite struct UnicodeClassTests {
    private func count(_ kind: UInt8) -> Int { UnicodeClass.table.count { $0 == kind } }

    @Test func countsAreThoseOfUnicode16() {
        #expect(count(UnicodeClass.letter) == 141_028)
        #expect(count(UnicodeClass.number) == 1_911)
        #expect(count(UnicodeClass.space) == 25)
    }

    /// Swift's library follows a later version, which only adds scalars.
    @Test func everyLetterNumberAndSpaceIsOneInSwiftToo() {
        for (value, kind) in UnicodeClass.table.enumerated() where kind != UnicodeClass.other {
            guard let scalar = Unicode.Scalar(UInt32(value)) else {
                Issue.record("\(value) is no scalar")
                continue
            }
            let category = scalar.properties.generalCategory
            switch kind {
            case UnicodeClass.letter:
                #expect(
                    [
                        .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter,
                        .otherLetter,
                    ]
                    .contains(category)
                )
            case UnicodeClass.number:
                #expect([.decimalNumber, .letterNumber, .otherNumber].contains(category))
            default: #expect(scalar.properties.isWhitespace)
            }
        }
    }

    @Test func decodingAgreesWithTheStandardLibraryOnEveryScalar() {
        var generator = SeededGenerator(seed: 8)
        for _ in 0..<20_000 {
            guard let scalar = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator))
            else { continue }
            let bytes = Array(String(Character(scalar)).utf8)
            let found = UTF8Scan.scalar(in: bytes.span, at: 0)
            #expect(found?.value == scalar.value && found?.length == bytes.count)
        }
        for _ in 0..<20_000 {
            let bytes = (0..<4).map { _ in UInt8.random(in: 0...255, using: &generator) }
            #expect(
                UTF8Scan.isValid(bytes.span) == (String(validating: bytes, as: UTF8.self) != nil)
            )
        }
    }
}
