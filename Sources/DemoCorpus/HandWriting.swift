import SeededRandomness

/// What hurried people do to their sentences.
enum HandWriting {
    /// Tidies spaces, starts sentences with a capital letter, then adds the slips of some writers.
    static func roughen(_ text: inout String, using generator: inout SplitMix64) {
        text = capitalised(text.split(separator: " ").joined(separator: " "))
        if generator.happens(0.12) { text = text.lowercased() }
        if generator.happens(0.08) { text = text.replacing(",", with: "") }
        if generator.happens(0.06), text.hasSuffix(".") { text.removeLast() }
        while generator.happens(0.12) { text = misspelt(text, using: &generator) }
    }

    private static func capitalised(_ text: String) -> String {
        var result = ""
        var isStart = true
        for character in text {
            result += isStart ? character.uppercased() : String(character)
            if !character.isWhitespace { isStart = ".!?".contains(character) }
        }
        return result
    }

    /// Swaps, drops or doubles one letter inside a word.
    private static func misspelt(_ text: String, using generator: inout SplitMix64) -> String {
        var letters = Array(text)
        guard letters.count > 8 else { return text }
        let place = 1 + generator.index(below: letters.count - 3)
        guard letters[place].isLetter, letters[place + 1].isLetter, letters[place - 1].isLetter
        else { return text }
        switch generator.index(below: 3) {
        case 0: letters.swapAt(place, place + 1)
        case 1: letters.remove(at: place)
        default: letters.insert(letters[place], at: place)
        }
        return String(letters)
    }
}
