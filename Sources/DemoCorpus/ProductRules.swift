/// Messages about the app and the website.
enum AppRules {
    static let rules: [String: [String]] = [
        "app.thing": Vocabulary.lines(
            """
            the (app|website)
            the login (page|screen)
            the search
            the checkout (button|page)
            the new update
            the shopping list screen
            the reminder feature
            """
        ),
        "negative.app": Vocabulary.lines(
            """
            {app.thing} (crashes|freezes|hangs) {again} when I tap on the basket.
            I cannot log in since (the update|{weekday}), it says wrong password.
            {app.thing} (lost|emptied) my basket {again}.
            {app.thing} is {very} slow on my (old phone|tablet|laptop) {when}.
            since the update {app.thing} logs me out every {small} minutes.
            {think} the redesign of {app.thing} is {bad}, I find nothing.
            the reset link you emailed {when} leads to an error page.
            {app.thing} shows things as in stock that are not.
            """
        ),
        "neutral.app": Vocabulary.lines(
            """
            how do I (change|reset) my password in the app?
            does {app.thing} work (on a tablet|without a smartphone|offline)?
            where in the settings can I turn off the notifications?
            can {person} and I share one list in the app?
            is there a dark mode for {app.thing}?
            which version should I have after the update {when}?
            I would like the app in large print, is that possible?
            """
        ),
        "positive.app": Vocabulary.lines(
            """
            {app.thing} is {very} (easy|quick) to use since the update.
            even {person} can use {app.thing} without help.
            I ordered everything in {small} minutes on my phone {when}, {good}.
            {app.thing} remembers my list now, {very} {good}.
            {think} the new design of {app.thing} is {good}.
            scanning empty packets with the camera is {good}.
            the bug I reported {when} is gone already.
            """
        ),
        "aside.app": Vocabulary.lines(
            """
            I ordered in the app.
            the website said so.
            I have the latest update.
            """
        ),
    ]
}

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

/// Messages about the food itself.
enum QualityRules {
    static let rules: [String: [String]] = [
        "food": Vocabulary.lines(
            """
            the (tomatoes|salad|spinach|lettuce)
            the (bread|rolls|sourdough)
            the (milk|yoghurt|cream)
            the (chicken|fish|mince)
            the (apples|pears|strawberries|bananas)
            the (cheese|butter)
            the (eggs|potatoes|carrots)
            the ready meals
            the soup
            """
        ),
        "negative.quality": Vocabulary.lines(
            """
            {food} (was|were) already (rotten|mouldy|past the date|crushed) {when}.
            half of {food} went straight in the bin {again}.
            {when} {food} smelled (off|strange) and {person} got a stomach ache.
            you replaced {food} with something that tastes {bad}.
            {small} of the eggs were broken and {food} had leaked over everything.
            {food} had a use-by date of {weekday}, the day before it got here.
            {think} the freshness of {food} has gone downhill since {month}.
            {food} was frozen solid on one side and warm on the other.
            """
        ),
        "neutral.quality": Vocabulary.lines(
            """
            is {food} (organic|local|gluten free|suitable for vegans)?
            which farm does {food} come from?
            how long does {food} keep (in the fridge|after opening)?
            could I get {food} less ripe next time?
            are there nuts or milk in {food}?
            please do not replace {food} with another brand if you run out.
            will you have {food} from the valley in {month} again?
            """
        ),
        "positive.quality": Vocabulary.lines(
            """
            {food} tasted {very} {good} {when}.
            {food} lasted (all week|{small} days) and still tasted fresh.
            {person} says {food} is the best since {month}.
            never had {food} this fresh, {very} {good}.
            the replacement for {food} was even nicer than what I picked.
            we made soup from {food} {when} and everyone wanted the recipe.
            everything ripe and well packed, {food} above all.
            """
        ),
        "aside.quality": Vocabulary.lines(
            """
            {food} was in there too.
            we mostly buy {food}.
            I had ordered {food} as well.
            """
        ),
    ]
}
