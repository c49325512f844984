"""Short labelled records from public text, for `dpscribe pretrain --labelled-data`.

Passages of one to three sentences, or one quoted utterance, with a line of attributes before them:
the feeling their words carry (by the small lexicon below), words they contain, the kind of text
they come from, whether they ask or tell. A base model that has seen such lines follows the labels
of a private corpus with less to learn from it.

    python3 attribute_lines.py --out labelled.jsonl web=digitalgov.jsonl health=medquad.jsonl \\
        conversation=sgd.jsonl mixed=masc.jsonl speech=speeches.jsonl novel=novels.jsonl

Files in the order of `dpscribe pretrain --data`: of all their documents, counted from 0, those with
number % 100 == 7 are held out there and left out here. Needs Python 3 alone. The output depends on
the input files and the seed only.
"""
import argparse
import collections
import json
import random
import re

EMOTIONS = {
    "positive": {
        "joy": "happy glad joy joyful delighted delight delightful fun enjoy enjoyed cheerful merry"
        " wonderful lovely pleasant pleased smile smiled smiling",
        "love": "love loved loves loving adore dear dearest darling sweet sweetheart beloved fond"
        " affection tender",
        "gratitude": "thank thanks thankful grateful gratitude appreciate appreciated",
        "admiration": "great excellent awesome amazing fantastic brilliant splendid magnificent perfect"
        " beautiful admirable good best nice fine superb impressive proud clever marvellous",
        "approval": "agree agreed right exactly absolutely certainly yes true sure sounds works",
        "caring": "careful care help helpful kind gentle comfort safe protect bless",
        "amusement": "funny laugh laughed laughing laughter joke jokes amused amusing hilarious ha haha"
        " lol comic",
        "excitement": "exciting excited thrilled thrilling adventure eager wow cool hurrah hooray",
        "optimism": "hope hopeful hopefully hoping luck lucky wish bright confident",
        "relief": "relief relieved finally rest calm peace",
        "desire": "want wanted wish longing desire",
    },
    "negative": {
        "anger": "angry anger furious rage hate hated hates mad damn damned fool stupid idiot shut wrath"
        " outrage outrageous curse bloody hell",
        "annoyance": "annoyed annoying nuisance irritating tired bother bored boring ridiculous nonsense"
        " rubbish silly absurd complain",
        "disappointment": "disappointed disappointing disappointment failed failure fail unfortunately"
        " poor lost lose useless pity",
        "disgust": "disgusting disgust awful nasty filthy vile ugly dirty rotten gross sick horrid"
        " hideous",
        "sadness": "sad sadly sorrow sorrowful cry cried crying tears wept weep weeping lonely grief"
        " mourn unhappy miserable misery heartbroken depressed hurt",
        "fear": "afraid fear feared scared frightened frightening terrified terrible terror horror"
        " horrible dread danger dangerous worried worry anxious nervous panic",
        "remorse": "sorry apologize apologise regret ashamed guilty shame forgive fault blame",
        "disapproval": "wrong bad worse worst evil cruel unfair wicked mistake never cannot no disagree"
        " against pain trouble problem",
    },
    "ambiguous": {
        "surprise": "surprise surprised surprising astonished astonishing amazed suddenly unexpected"
        " strange odd gosh wow incredible unbelievable",
        "curiosity": "wonder wondered wondering curious curiosity interested interesting why how what"
        " tell guess",
        "confusion": "confused confusing puzzled unsure uncertain perhaps maybe doubt doubtful"
        " understand mean bewildered mystery",
        "realization": "realize realized realise realised thought remember remembered notice noticed"
        " discovered apparently seems seemed",
    },
}
NEGATIONS = set("not never no don't didn't isn't wasn't can't won't doesn't hardly n't without".split())
SENTIMENT_NAMES = ["Sentiment", "Sentiment", "Sentiment", "sentiment", "Tone", "Mood", "Feeling"]
WORDS = re.compile(r"[a-z]+(?:'[a-z]+)?")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"”']?\s+(?=[\"“'A-Z(])")
QUOTED = re.compile(r"[\"“]([^\"“”]{12,220}?)[\"”]")
SPEAKER = re.compile(r"\[NAME\]")
LEXICON = {
    word: (sentiment, emotion)
    for sentiment, emotions in EMOTIONS.items()
    for emotion, words in emotions.items()
    for word in words.split()
}


def feeling(words, asks):
    """The sentiment and the strongest emotion of a passage; neutral and None without any."""
    found = collections.Counter()
    emotions = collections.Counter()
    for i, word in enumerate(words):
        if word not in LEXICON:
            continue
        sentiment, emotion = LEXICON[word]
        if NEGATIONS & set(words[max(0, i - 3) : i]) and sentiment == "positive":
            sentiment, emotion = "negative", None
        found[sentiment] += 1
        if emotion:
            emotions[(sentiment, emotion)] += 1
    found["ambiguous"] += 0.5 * asks
    good, bad, open_ = found["positive"], found["negative"], found["ambiguous"]
    if good > bad and good >= open_:
        sentiment = "positive"
    elif bad > good and bad >= open_:
        sentiment = "negative"
    elif max(good, bad, open_) > 0:
        sentiment = "ambiguous"
    else:
        return "neutral", None, 0
    mine = [(n, e) for (s, e), n in emotions.items() if s == sentiment]
    return sentiment, max(mine)[1] if mine else None, found[sentiment]


def passages(text, kind, random_):
    """Short records of a document: utterances of conversations and fiction, sentences of the rest."""
    if kind == "conversation":
        for line in text.split("\n"):
            yield line.strip()
        return
    flat = re.sub(r"\s+", " ", text)
    if kind == "novel":
        for match in QUOTED.finditer(flat):
            yield match.group(1).strip(" ,")
    sentences = SENTENCE_END.split(flat)
    i = 0
    while i < len(sentences):
        n = random_.choice([1, 1, 2, 3])
        yield " ".join(sentences[i : i + n]).strip(' "“”')
        i += n


def attributes(text, words, kind, rarity, random_):
    """One to three attributes of a passage, as a label line."""
    asks = "?" in text
    sentiment, emotion, strength = feeling(words, asks)
    line = []
    name = random_.choice(SENTIMENT_NAMES)
    said = f"{name}: {sentiment}" if random_.random() < 0.75 else sentiment
    if random_.random() < 0.6:
        line.append(said)
    if emotion and random_.random() < 0.3:
        line.append(f"Emotion: {emotion}" if random_.random() < 0.5 else emotion)
    if sentiment in ("positive", "negative") and random_.random() < 0.1:
        stars = {"positive": [4, 5], "negative": [2, 1]}[sentiment][min(strength, 2) - 1]
        line.append(f"Review Stars: {stars}.0" if random_.random() < 0.5 else f"Rating: {stars}")
    keys = sorted({w for w in words if len(w) > 3 and w in rarity}, key=lambda w: rarity[w])
    if keys and random_.random() < 0.45:
        key = random_.choice(keys[:3])
        if len(keys) > 1 and random_.random() < 0.3:
            other = random_.choice([k for k in keys[:4] if k != key])
            key += random_.choice(["_", " "]) + other
        line.append(random_.choice(["Topic: ", "Category: ", "topic: ", "", ""]) + key)
    if random_.random() < 0.12:
        line.append(f"Source: {kind}")
    if random_.random() < 0.12:
        form = "question" if asks else "exclamation" if "!" in text else "statement"
        line.append(f"Type: {form}" if random_.random() < 0.5 else form)
    if not line:
        line = [said]
    random_.shuffle(line)
    return "\t".join(line[:3])


def informal(text, random_):
    """Some passages as people type them: no capital at the start, no full stop at the end."""
    if random_.random() < 0.15:
        text = text.lower()
    if random_.random() < 0.2:
        text = text.rstrip(".")
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", metavar="KIND=FILE")
    parser.add_argument("--out", required=True)
    parser.add_argument("--per-kind", type=int, default=130_000, help="records of a kind, at most")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    random_ = random.Random(options.seed)
    pools = collections.defaultdict(dict)
    frequency = collections.Counter()
    number = -1
    for item in options.files:
        kind, path = item.split("=", 1)
        with open(path, encoding="utf-8") as file:
            for line in file:
                number += 1
                if number % 100 == 7:
                    continue
                for passage in passages(json.loads(line)["text"], kind, random_):
                    words = WORDS.findall(passage.lower())
                    if 3 <= len(words) <= 45 and len(passage) < 300:
                        pools[kind][passage] = words
                        frequency.update(set(words))
    # Words that are neither rare names nor everyday words can be a topic.
    ranked = {w: n for w, n in frequency.items() if 20 <= n <= 0.004 * sum(map(len, pools.values()))}
    records = []
    for kind, pool in sorted(pools.items()):
        texts = sorted(pool)
        random_.shuffle(texts)
        by_sentiment = collections.defaultdict(list)
        for text in texts:
            by_sentiment[feeling(pool[text], "?" in text)[0]].append(text)
        share = options.per_kind // 4
        for sentiment in sorted(by_sentiment):
            for text in by_sentiment[sentiment][:share]:
                line = attributes(text, pool[text], kind, ranked, random_)
                records.append({"text": informal(text, random_), "attributes": line})
    random_.shuffle(records)
    with open(options.out, "w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    print(len(records), "records", sum(len(r["text"]) for r in records), "characters")


if __name__ == "__main__":
    main()
