/// Messages about money.
enum BillingRules {
    static let rules: [String: [String]] = [
        "billing.thing": Vocabulary.lines(
            """
            my (card|account|bank account)
            the (invoice|receipt|bill)
            my refund
            the (discount|voucher) code
            the deposit
            my last payment
            the (service|bag) charge
            """
        ),
        "negative.billing": Vocabulary.lines(
            """
            you (charged|billed) me twice {when}, {money} each time.
            I was charged {money} for (something|things) I never ordered {when}.
            still no refund for {money} after {small} weeks.
            {billing.thing} is wrong {again}.
            the voucher for {money} was refused at checkout and then I paid full price {when}.
            {when} you took {money} from my account without (asking|warning).
            prices went up by {money} {when} and nobody told us.
            {think} a fee of {money} for a cancelled basket is {bad}.
            """
        ),
        "neutral.billing": Vocabulary.lines(
            """
            can I (pay|settle) by (bank transfer|invoice|a different card)?
            where do I find (the invoice|the receipt|my bills) for {month}?
            how long does a refund of {money} (take|need)?
            could you send {billing.thing} to my (work|new) address?
            what is the charge of {money} from {weekday} for?
            does the voucher still work in {month}?
            please change the card on file, it ends in {many}.
            """
        ),
        "positive.billing": Vocabulary.lines(
            """
            the refund of {money} was (back|in my account) within {small} days.
            you spotted the wrong charge before I did and paid back {money} {when}.
            {billing.thing} is {very} easy to (read|follow) now.
            {think} your prices are {good} compared with the supermarket.
            thanks for the {money} voucher {when}, {very} {good}.
            billing by the month instead of by basket saves us {money}.
            the student discount is {very} {good}.
            """
        ),
        "aside.billing": Vocabulary.lines(
            """
            I paid {money} by card.
            the total was {money}.
            the receipt is attached.
            """
        ),
    ]
}

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
