/// Messages about subscriptions.
enum MembershipRules {
    static let rules: [String: [String]] = [
        "membership.thing": Vocabulary.lines(
            """
            my (membership|subscription)
            the (family|weekly|trial) plan
            our contract
            the free month
            the loyalty card
            """
        ),
        "negative.membership": Vocabulary.lines(
            """
            I cancelled {membership.thing} {when} and you renewed it anyway.
            {membership.thing} cannot be cancelled, I tried {small} times.
            cancel {membership.thing} at once, this is {bad}.
            nobody said that {membership.thing} renews by itself in {month}.
            {think} a notice period of {small} months for {membership.thing} is {bad}.
            I am leaving, please close my account and end {membership.thing}.
            you made {membership.thing} worse {again}, fewer boxes for more.
            """
        ),
        "neutral.membership": Vocabulary.lines(
            """
            how do I (pause|cancel|end) {membership.thing} (in {month}|while we are away)?
            can I give {membership.thing} to {person}?
            when does {membership.thing} (end|renew)?
            what is the difference between {membership.thing} and the weekly plan?
            we are away until {month}, please pause {membership.thing}.
            is the notice period for {membership.thing} {small} weeks?
            """
        ),
        "positive.membership": Vocabulary.lines(
            """
            {membership.thing} is worth (every penny|it), {very} {good}.
            pausing {membership.thing} {when} took one click.
            I just renewed {membership.thing} for {small} more years.
            {membership.thing} saves {person} and me a lot of trouble.
            joined {when} and {membership.thing} is {good}.
            you let me end {membership.thing} early when I lost my job, {good}.
            """
        ),
        "aside.membership": Vocabulary.lines(
            """
            I am on the family plan.
            my membership runs until {month}.
            we joined in {month}.
            """
        ),
    ]
}
