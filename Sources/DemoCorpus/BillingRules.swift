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
