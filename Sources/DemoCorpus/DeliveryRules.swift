/// Messages about deliveries.
enum DeliveryRules {
    static let rules: [String: [String]] = [
        "delivery.thing": Vocabulary.lines(
            """
            my (delivery|order|parcel)
            the (van|courier|driver's van)
            our weekly (box|delivery)
            the crates
            my (shopping|groceries)
            the {weekday} delivery
            the evening slot
            """
        ),
        "delivery.place": Vocabulary.lines(
            """
            on the (doorstep|pavement)
            with a neighbour I do not know
            in the rain
            at the wrong (address|door|building)
            behind the bins
            in the (hallway|porch)
            """
        ),
        "negative.delivery": Vocabulary.lines(
            """
            {delivery.thing} (came|arrived|turned up) {small} hours late {when}.
            {delivery.thing} never (came|arrived|showed up) {when}, {again}.
            {when} {delivery.thing} was left {delivery.place} {again}.
            I (waited|stayed in) from {hour} until {hour} and {delivery.thing} did not come.
            tracking said delivered at {hour} but there was nothing {place}.
            you moved my slot to {weekday} without (asking|telling) me {again}.
            {delivery.thing} was dropped off at {hour}, which is {bad} with small children asleep.
            missed the slot {again}, and the {delivery.late} was {bad}.
            """
        ),
        "delivery.late": [
            "delay", "waiting", "text message about it", "excuse", "new arrival time",
        ],
        "neutral.delivery": Vocabulary.lines(
            """
            can I (move|change) my slot from {weekday} to {weekday}?
            do you deliver (before {hour}|after {hour}|on {weekday}) (in my area|to flats|)?
            what time will {delivery.thing} (come|arrive) on {weekday}?
            could {delivery.thing} be left {delivery.place} if nobody is in?
            is there a way to track {delivery.thing}?
            we are moving in {month}, how do I change the delivery address?
            does the courier need the gate code, or can he ring at number {many}?
            """
        ),
        "positive.delivery": Vocabulary.lines(
            """
            {delivery.thing} (came|arrived) (right on time|early|to the minute) {when}.
            {when} {delivery.thing} was here by {hour}, {very} {good}.
            the driver carried {delivery.thing} up {small} flights of stairs.
            even in the snow {delivery.thing} made it {when}.
            {think} your one hour slots are {good}.
            {delivery.thing} has not been late once since {month}.
            loved getting a text when the van was {small} stops away.
            """
        ),
        "aside.delivery": Vocabulary.lines(
            """
            {delivery.thing} came on {weekday}.
            the slot was for {hour}.
            the van came as usual.
            """
        ),
    ]
}
