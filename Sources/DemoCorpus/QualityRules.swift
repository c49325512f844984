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
