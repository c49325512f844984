/// Public posts: walks, gardens, books, music and neighbourhood news.
enum PostRules {
    /// The rules of all posts; `post` is the start.
    static let rules: [String: [String]] = [
        "post": Vocabulary.lines(
            """
            {walk} {remark}
            {walk} {however} {opinion} {remark}
            {garden} {remark}
            {garden} {garden} {remark}
            {book} {remark}
            {book} {however} {opinion}
            {music} {remark}
            {news}
            {news} {remark}
            {news} {walk}
            {question} {remark}
            {recipe}
            """
        ),
        "walk": Vocabulary.lines(
            """
            {when} we (walked|cycled|hiked) {small} miles along the (river|coast|old railway|canal).
            the path (to|past) the (lake|castle|lighthouse|waterfall) was {very} ({adj.good}|{adj.bad}|steep|muddy).
            I took the {hour} train with {person} and we (saw|counted) {many} (herons|deer|boats|bridges).
            from the top of the hill you can see {small} (villages|islands|churches) on a clear day.
            it rained (all day|from {hour} until {hour}), so we sat in (a barn|the chapel|a small cafe).
            {person} (lost|found) a (map|glove|compass) {place}.
            the guide, {name}, was {very} ({adj.good}|{adj.bad}) and knew every (bird|stone|story).
            """
        ),
        "garden": Vocabulary.lines(
            """
            I planted {many} (tulips|bulbs|beans|roses) {when} and {small} have come up already.
            the (pond|shed|greenhouse|hedge) {place} needs (work|water|paint|a new roof).
            {person} says you should never (prune|water|move) a (lilac|fig|peony) in {month}.
            slugs ate the (dahlias|hostas|sunflowers) {again}.
            we built a (bench|fence|bird house) from old (doors|pallets|floorboards) {when}.
            the soil here is {very} (heavy|sandy|wet), {however} the (ferns|herbs|grasses) love it.
            the bees are back {when}, which is {good}.
            """
        ),
        "book": Vocabulary.lines(
            """
            I read the new novel about (a sailor|two sisters|a clockmaker|the flood) in {small} days.
            the (library|bookshop) {place} had a reading with {name} {when}.
            the first chapter is {very} ({adj.bad}|{adj.good}), the last one {good}.
            {person} gave me a book of (poems|maps|short stories|letters) for my birthday.
            this (essay|biography|play) is {bad} from the first page to the last.
            the museum shows {many} (drawings|masks|coins) from {month} on.
            """
        ),
        "music": Vocabulary.lines(
            """
            the (choir|band|orchestra) played until {hour} {when} and the sound was ({good}|{bad}).
            {name} has played the (cello|drums|trumpet) for {small} years.
            tickets for the concert {place} cost {money}.
            the second song is {very} {adj.good}, the rest is {bad}.
            {person} (sang|danced) {place} {when} and everybody clapped.
            """
        ),
        "news": Vocabulary.lines(
            """
            the council will (repair|close|open) the (bridge|pool|playground|market hall) in {month}.
            {many} people came to the (meeting|fair|parade) {when}.
            a (cat|dog|parrot) called {name} has been missing since {weekday}.
            the (school|club|theatre) is looking for {small} (volunteers|teachers|painters).
            roadworks {place} start at {hour} on {weekday}.
            the (bakery|post office|cinema) {place} has new owners, {name} and {name}.
            the price of a day ticket goes up to {money}.
            """
        ),
        "question": Vocabulary.lines(
            """
            does anyone know (when|whether) the (ferry|museum|cable car) runs on {weekday}?
            can you recommend a (dentist|carpenter|quiet beach|campsite) {place}?
            what is the best way to (clean|mend|store) (a tent|old boots|a wooden table)?
            how long does it take to (learn|teach) (chess|Welsh|swimming)?
            who else heard the (owl|fireworks|thunder) {when}?
            """
        ),
        "recipe": Vocabulary.lines(
            """
            take {small} (onions|lemons|spoons of honey), (stir|wait|simmer) for {small} minutes and serve warm.
            {person} bakes a plum cake every {month}, with {small} eggs and a pinch of salt.
            for the soup you need {many} mushrooms, some cream and a calm evening.
            """
        ),
        "opinion": Vocabulary.lines(
            """
            {think} it was {very} ({good}|{bad}).
            {person} thought it was ({good}|{bad}).
            the people were {very} ({adj.good}|{adj.bad}).
            I have seen better.
            I would go again in {month}.
            nobody told us about the (stairs|weather|crowd).
            """
        ),
        "remark": Vocabulary.lines(
            """
            what a day.
            thank you, {name}, for the idea.
            {person} would not stop talking about it.
            we will be back (in {month}|next year|soon).
            please let me know what you think.
            I will not do that again.
            it made our week.
            photos follow on {weekday}.
            that is all for now.
            I was {very} (happy|tired|proud|cross) afterwards.
            """
        ),
    ]
}
