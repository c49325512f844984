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
