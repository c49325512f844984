/// Finds what is often somebody's identifier, by its form alone: no guarantee that it finds all, or
/// that what it finds is one.
///
/// | kind     | form                                                                              |
/// | email    | `[A-Za-z0-9._%+-]+@` and a domain whose last part is two letters or more          |
/// | phone    | `+` and 8 to 15 digits, or 10 or 11 digits in groups                              |
/// | card     | 13 to 19 digits, in groups or not, whose check digit (Luhn) is right              |
/// | iban     | a country, two digits and 11 to 30 more, whose remainder modulo 97 is 1           |
/// | ssn      | `ddd-dd-dddd`, as social security numbers of the United States                    |
/// | ip       | four numbers up to 255 with dots between                                          |
package struct IdentifierPatterns {
    /// What is looked for.
    package enum Kind: String, CaseIterable, Sendable {
        case email, phone, card, iban, ssn, ip
    }

    /// The kinds that occur in a text.
    static func kinds(in text: [UInt8]) -> Set<Kind> {
        var found: Set<Kind> = []
        var index = 0
        while index < text.count {
            let byte = text[index]
            let isStart = index == 0 || !isAlphanumeric(text[index - 1])
            if byte == UInt8(ascii: "@"), isEmail(text, at: index) {
                found.insert(.email)
            } else if isStart, isDigit(byte) || byte == UInt8(ascii: "+") || byte == 0x28 {
                let run = digitRun(text, from: index)
                if let kind = kind(of: run) { found.insert(kind) }
                index = max(run.endIndex, index + 1)
                continue
            } else if isStart, isUpper(byte), isAccount(text, from: index) {
                found.insert(.iban)
            }
            index += 1
        }
        return found
    }

    private static func isEmail(_ text: [UInt8], at sign: Int) -> Bool {
        guard sign > 0, isLocal(text[sign - 1]) else { return false }
        let domain = text[(sign + 1)...].prefix { isAlphanumeric($0) || $0 == 0x2D || $0 == 0x2E }
        let parts = domain.split(separator: 0x2E)
        guard parts.count > 1, let last = parts.last else { return false }
        return last.count > 1 && last.allSatisfy { isAlphanumeric($0) && !isDigit($0) }
    }

    /// Digits and what may stand between them, one or two separators at a time.
    private static func digitRun(_ text: [UInt8], from start: Int) -> ArraySlice<UInt8> {
        var end = start
        var last = start
        while end < text.count, end - last <= 2 {
            if isDigit(text[end]) {
                last = end + 1
            } else if !" .-()/+".utf8.contains(text[end]) {
                break
            }
            end += 1
        }
        return text[start..<last]
    }

    private static func kind(of run: ArraySlice<UInt8>) -> Kind? {
        let digits = run.filter(isDigit)
        let groups = run.split { !isDigit($0) }
        let separators = Set(run.filter { !isDigit($0) })
        if groups.map(\.count) == [3, 2, 4], separators == [0x2D] { return .ssn }
        if groups.count == 4, separators == [0x2E], groups.allSatisfy(isOctet) { return .ip }
        if (13...19).contains(digits.count), separators.isSubset(of: [0x20, 0x2D]),
            hasCheckDigit(digits)
        {
            return .card
        }
        if run.first == UInt8(ascii: "+") { return (8...15).contains(digits.count) ? .phone : nil }
        let isDate = [[4, 2, 2], [2, 2, 4]].contains { groups.map(\.count).starts(with: $0) }
        return (10...11).contains(digits.count) && groups.count > 1 && !isDate ? .phone : nil
    }

    private static func isOctet(_ digits: ArraySlice<UInt8>) -> Bool {
        digits.count <= 3 && digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= 255
    }

    /// Luhn's: every second digit from the right doubled, the sum of all digits a multiple of ten.
    private static func hasCheckDigit(_ digits: [UInt8]) -> Bool {
        let sum = digits.reversed().enumerated().reduce(0) { sum, digit in
            let value = Int(digit.element - 0x30) * (digit.offset % 2 == 0 ? 1 : 2)
            return sum + value / 10 + value % 10
        }
        return sum % 10 == 0 && digits.contains { $0 != 0x30 }
    }

    /// ISO 13616: the first four characters moved to the end, letters as 10 to 35.
    private static func isAccount(_ text: [UInt8], from start: Int) -> Bool {
        var account: [UInt8] = []
        var index = start
        while index < text.count, account.count <= 34 {
            if isUpper(text[index]) || isDigit(text[index]) {
                account.append(text[index])
            } else if text[index] != 0x20 || account.count < 4 || account.count % 4 != 0 {
                break
            }
            index += 1
        }
        guard (15...34).contains(account.count), isUpper(account[1]), isDigit(account[2]),
            isDigit(account[3])
        else { return false }
        let remainder = (account[4...] + account[..<4]).reduce(0) { remainder, byte in
            isDigit(byte)
                ? (remainder * 10 + Int(byte - 0x30)) % 97
                : (remainder * 100 + Int(byte - 0x41) + 10) % 97
        }
        return remainder == 1
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isDigit(byte) || isUpper(byte & 0xDF)
    }
    private static func isLocal(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "._%+-".utf8.contains(byte)
    }
}
