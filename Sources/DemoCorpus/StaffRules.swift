/// Messages about people.
enum StaffRules {
    static let rules: [String: [String]] = [
        "staff.who": Vocabulary.lines(
            """
            the (driver|lady|man|young man) who came {when}
            {name} from (support|your call centre|the help desk)
            the person on the (phone|chat)
            your (manager|colleague)
            the new driver
            """
        ),
        "negative.staff": Vocabulary.lines(
            """
            {staff.who} was {very} {adj.bad} to {person}.
            {staff.who} hung up on me {when}.
            {staff.who} shouted at us because of the dog.
            I spoke to {small} people {when} and each told me something different.
            {staff.who} could not be bothered to (listen|help|say hello).
            forty minutes on hold, and then {staff.who} was {adj.bad}.
            {staff.who} laughed when I asked for help.
            """
        ),
        "neutral.staff": Vocabulary.lines(
            """
            who do I (speak|talk) to about {staff.who}?
            can I leave a tip for {staff.who}?
            is {name} still working for you?
            please ask {staff.who} to call me (back|after {hour}).
            until what time can I ring the help desk on {weekday}?
            do your drivers speak any other languages?
            I would like to apply as a driver, whom should I write to?
            """
        ),
        "positive.staff": Vocabulary.lines(
            """
            {staff.who} was {very} {adj.good} and {adj.good}.
            {staff.who} stayed on the line until it was solved {when}.
            please give {staff.who} a raise.
            {staff.who} helped {person} carry the bags, {very} {adj.good}.
            I have never met anyone as {adj.good} as {staff.who}.
            {staff.who} even remembered our dog's name.
            talking to {name} {when} was {good}.
            """
        ),
        "aside.staff": Vocabulary.lines(
            """
            {name} took the call.
            I told the driver too.
            somebody from support rang me.
            """
        ),
    ]
}
