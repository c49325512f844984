/// Everyday words that messages and posts share.
enum Vocabulary {
    /// Splits a rule's text into its alternatives, one a line.
    static func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }

    /// Rules for times, names, quantities, feelings and turns of phrase.
    static let everyday: [String: [String]] = [
        "weekday": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
        "month": ["January", "March", "April", "June", "July", "September", "October", "December"],
        "small": ["two", "three", "four", "five", "six", "seven", "2", "3", "4"],
        "many": ["a dozen", "ten", "twenty", "about thirty", "15", "40"],
        "money": ["12 pounds", "nearly 20", "8.50", "thirty", "45 pounds", "6.99", "a fiver"],
        "hour": ["7am", "8", "half past nine", "noon", "3pm", "six", "7:30", "ten at night"],
        "person": lines(
            """
            my (husband|wife|partner)
            my (mother|father|mum|dad)
            my (sister|brother)
            my neighbour
            our (daughter|son)
            a friend (of mine|from work)
            my flatmate
            """
        ),
        "name": lines(
            """
            Priya
            Tom
            Agnes
            Daniel
            Mei
            Olu
            Hannah
            Marek
            Sofia
            Ben
            Farida
            George
            """
        ),
        "when": lines(
            """
            yesterday
            this (morning|afternoon|evening)
            last (night|week|weekend|{weekday}|month)
            on {weekday}
            {small} days ago
            (since|back in) {month}
            over the weekend
            just now
            """
        ),
        "again": lines(
            """
            for the {small} time (this month|this year|running)
            again
            yet again
            twice (now|this week)
            every single week
            """
        ),
        "very": ["really", "very", "so", "extremely", "quite", "truly", "", "", "pretty"],
        "good": lines(
            """
            lovely
            great
            excellent
            wonderful
            brilliant
            fantastic
            spot on
            a real pleasure
            better than expected
            """
        ),
        "bad": lines(
            """
            awful
            terrible
            poor
            disappointing
            a mess
            unacceptable
            useless
            a joke
            worse than last time
            """
        ),
        "adj.good": [
            "kind", "calm", "friendly", "careful", "bright", "generous", "quick", "tidy", "honest",
        ],
        "adj.bad": [
            "rude", "slow", "careless", "noisy", "dull", "stale", "messy", "broken", "cold",
        ],
        "think": ["I think", "I must say", "honestly,", "to be fair,", "in my view", "I feel", ""],
        "however": ["but", "however,", "although", "still,", "that said,"],
        "place": lines(
            """
            at home
            in the kitchen
            by the front door
            at my parents' place
            in the office
            on our street
            near the station
            behind the old mill
            """
        ),
    ]
}
