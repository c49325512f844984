"""Reference numbers for the Evaluation tests, from scikit-learn, scipy and mauve-text.

Run in this folder: python make_fixtures.py
Made with Python 3.11, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1, mauve-text 0.4.0,
faiss-cpu 1.15.1; seeds below. All texts are generated here from word lists.
"""

import json
import math
import random
from collections import Counter

import mauve
import numpy as np
from scipy.linalg import sqrtm
from scipy.stats import wasserstein_distance
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.neighbors import NearestNeighbors

COMMON = "the a my this that old new very quite again today Then maybe I it was is and".split()
TOPICS = {
    "Topic: garden": "rose soil hedge weeds spade lawn seeds tulip watering blossom".split(),
    "Topic: music": "guitar chorus tempo violin band encore melody drummer chord opera".split(),
    "Topic: travel": "train harbour luggage ticket hostel border café map ferry jet-lag".split(),
}


def text(generator, topic, mix):
    words = []
    for _ in range(generator.randint(3, 14)):
        source = TOPICS[topic if generator.random() > mix else generator.choice(sorted(TOPICS))]
        words.append(generator.choice(source if generator.random() < 0.4 else COMMON))
    return " ".join(words) + generator.choice([".", "!", "?", "", " :)"])


def sample(seed, count, mix):
    generator = random.Random(seed)
    labels = [generator.choice(sorted(TOPICS)) for _ in range(count)]
    return [text(generator, label, mix) for label in labels], labels


def classifier(train, train_labels, test, test_labels):
    vectorizer = TfidfVectorizer(
        ngram_range=(1, 2), token_pattern=r"(?u)\b\w+\b", sublinear_tf=True)
    x, y = vectorizer.fit_transform(train), vectorizer.transform(test)
    model = LogisticRegression(C=1.0, tol=1e-9, max_iter=10000).fit(x, train_labels)
    predicted = model.predict(y)
    return {
        "probabilities": model.predict_proba(y).round(8).tolist(),
        "accuracy": accuracy_score(test_labels, predicted),
        "macro_f1": f1_score(test_labels, predicted, average="macro"),
    }


def frechet(p, q):
    root = sqrtm(np.cov(p, rowvar=False) @ np.cov(q, rowvar=False)).real
    mean = ((p.mean(0) - q.mean(0)) ** 2).sum()
    return mean + np.trace(np.cov(p, rowvar=False) + np.cov(q, rowvar=False) - 2 * root)


def coverage(centres, points, k):
    radii = NearestNeighbors(n_neighbors=k + 1).fit(centres).kneighbors(centres)[0][:, k]
    distances = np.sqrt(((points[:, None] - centres[None]) ** 2).sum(-1))
    return float((distances <= radii[None]).any(1).mean())


def grams(tokens, n):
    return Counter(tuple(tokens[i : i + n]) for i in range(len(tokens) - n + 1))


def bleu(references, hypothesis):
    """BLEU-4 (Papineni et al. 2002), zero matches smoothed to 0.1, brute force."""
    logs = 0.0
    for n in range(1, 5):
        counts = grams(hypothesis, n)
        limits = Counter()
        for reference in references:
            limits |= grams(reference, n)
        matches = sum(min(c, limits[g]) for g, c in counts.items())
        total = max(1, sum(counts.values()))
        logs += math.log((matches or (0.1 if n > 1 else 0)) / total) / 4 if matches or n > 1 else -math.inf
    length = min((abs(len(r) - len(hypothesis)), len(r)) for r in references)[1]
    penalty = 1 if len(hypothesis) > length else math.exp(1 - length / len(hypothesis))
    return penalty * math.exp(logs)


def main():
    train, train_labels = sample(1, 300, 0.35)
    test, test_labels = sample(2, 120, 0.35)
    tokens, other = [t.split() for t in test], [t.split() for t in train]
    rng = np.random.default_rng(3)
    p = rng.normal(size=(420, 12)) * np.linspace(2, 0.3, 12) + np.linspace(1, 0, 12)
    q = rng.normal(size=(360, 12)) * np.linspace(1.6, 0.5, 12)[::1]
    p, q = p.astype(np.float32).round(3), q.astype(np.float32).round(3)
    a, b = p.astype(np.float64), q.astype(np.float64)
    scores = [float(mauve.compute_mauve(p_features=p, q_features=q, seed=s, verbose=False).mauve)
              for s in range(40)]
    fixture = {
        "train": train, "train_labels": train_labels, "test": test, "test_labels": test_labels,
        "classifier": classifier(train, train_labels, test, test_labels),
        "p": p.astype(float).round(3).tolist(), "q": q.astype(float).round(3).tolist(),
        "frechet": float(frechet(a, b)),
        "precision": coverage(a, b, 3), "recall": coverage(b, a, 3),
        "mauve": scores,
        "length_wasserstein": float(wasserstein_distance(
            [len(t) for t in tokens], [len(t) for t in other])),
        "distinct": [len(set(g for t in tokens for g in grams(t, n)))
                     / sum(max(0, len(t) - n + 1) for t in tokens) for n in (1, 2, 3)],
        "self_bleu": [bleu(tokens[:i] + tokens[i + 1:], t) for i, t in enumerate(tokens)],
    }
    with open("reference.json", "w") as file:
        json.dump(fixture, file, ensure_ascii=False, indent=0)
        file.write("\n")
    print({k: fixture[k] for k in ("frechet", "precision", "recall", "length_wasserstein", "distinct")})
    print(np.mean(scores), np.std(scores), fixture["classifier"]["accuracy"], fixture["classifier"]["macro_f1"])


if __name__ == "__main__":
    main()
