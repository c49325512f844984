/// How customers write to the grocery service.
enum MessageRules {
    /// The rules of all messages: `<sentiment>.<topic>`, `aside.<topic>`, openings and endings.
    static let rules: [String: [String]] =
        common
        .merging(DeliveryRules.rules) { _, new in new }
        .merging(BillingRules.rules) { _, new in new }
        .merging(QualityRules.rules) { _, new in new }
        .merging(AppRules.rules) { _, new in new }
        .merging(StaffRules.rules) { _, new in new }
        .merging(MembershipRules.rules) { _, new in new }

    private static let common: [String: [String]] = [
        "opening": Vocabulary.lines(
            """
            hello,
            hi (there|Larder|team|{name}),
            good (morning|evening|afternoon),
            dear (team|Larder|all),
            I have been a customer since {month}.
            we have used Larder for {small} (months|years) now.
            writing this on behalf of {person}.
            third message about this.
            not sure who reads this.
            quick note.
            my reference number is {small}{small}.
            """
        ),
        "negative.ending": Vocabulary.lines(
            """
            please (sort|fix) this (out|soon|today).
            {very} disappointed.
            I expected (more|better).
            I will not be (ordering|recommending you) again.
            this is (not good enough|{bad}).
            nobody has replied to my (last|previous) (message|email).
            how hard can it be?
            I want (an answer|an apology|somebody to call me).
            {person} (feels|says) the same.
            what a waste of (time|an evening).
            thanks for nothing.
            """
        ),
        "neutral.ending": Vocabulary.lines(
            """
            thanks (in advance|for letting me know|for your help).
            just (asking|checking|wondering).
            no rush.
            please let me know (when you can|by {weekday}).
            I could not find it on the website.
            either way is fine (with|for) me.
            {name}
            best wishes, {name}.
            a short answer is enough.
            """
        ),
        "positive.ending": Vocabulary.lines(
            """
            thank you (so much|all|again|very much).
            keep it up.
            {very} happy (customer|with it).
            I have already told {person}.
            five stars from (me|us).
            it made (my|our) (day|week|evening).
            please pass this on (to the team|).
            would not go anywhere else now.
            what a difference from other shops.
            """
        ),
        "negative.turn": Vocabulary.lines(
            """
            {good} at first, {bad} now
            what was {good} in {month} is {bad} today
            some call it {good}, I call it {bad}
            not {good} at all
            hardly {good}, is it
            from {good} to {bad} within {small} weeks
            """
        ),
        "neutral.turn": Vocabulary.lines(
            """
            neither {good} nor {bad}
            not {bad}, not {good} either
            {good} on {weekday} and {bad} on {weekday}
            {person} says {good}, I say {bad}
            {good} for some, {bad} for others
            """
        ),
        "positive.turn": Vocabulary.lines(
            """
            {bad} at first, {good} now
            what was {bad} in {month} is {good} today
            some call it {bad}, I call it {good}
            not {bad} at all
            anything but {bad}
            from {bad} to {good} within {small} weeks
            """
        ),
        "thing.delivery": ["{delivery.thing}"], "thing.billing": ["{billing.thing}"],
        "thing.quality": ["{food}"], "thing.app": ["{app.thing}"],
        "thing.staff": ["{staff.who}"], "thing.membership": ["{membership.thing}"],
        "negative.vague": Vocabulary.lines(
            """
            it happened {again} and I am {very} fed up.
            I am {very} unhappy with how this was handled {when}.
            this is {bad} and you know it.
            nothing works the way you promised {when}.
            I give up, {person} was right about you.
            {think} this gets worse every month.
            """
        ),
        "neutral.vague": Vocabulary.lines(
            """
            could someone get back to me about my message from {weekday}?
            I have a question about what we talked about {when}.
            does this also apply to {person}?
            can you tell me what happens next?
            following up on {weekday}, is there any news?
            """
        ),
        "positive.vague": Vocabulary.lines(
            """
            just wanted to say that everything was {very} {good} {when}.
            all sorted now, {think} you handled it well.
            I am {very} glad we switched to you.
            that is exactly what {person} hoped for.
            no complaints at all this time, {good}.
            """
        ),
    ]
}
