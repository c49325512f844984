"""Which settings of the label probe bind labels best, on the frozen features of a finished run.

A second implementation of the probe, in NumPy, on hidden states that `transformers` computes from the run's
exported model: it chooses settings, and it is an outside check of what the product's probe reaches.

    dpscribe export --model RUN --out hf
    python sweep.py --model hf --train TRAIN.csv --test TEST.csv --label label1 --drawn TEXTS.csv --delta 1e-5

TEXTS.csv: texts that the run drew under evenly drawn labels; they whiten, and nothing private does.
Needs torch, transformers, numpy. Prints one line a setting: accuracy on real test texts, mean over seeds.
"""

import argparse
import csv
import itertools
import math
import os

import numpy
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def read(path, label, limit):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:limit]
    return [row["text"] for row in rows], [row[label] for row in rows]


def features(model, tokenizer, texts, tokens):
    """Means over a text's tokens of the states after half the blocks and after the final norm."""
    depth = max(model.config.num_hidden_layers // 2, 1)
    ids = [tokenizer(text, add_special_tokens=False)["input_ids"][:tokens] for text in texts]
    result = numpy.zeros((len(ids), 2 * model.config.hidden_size), numpy.float32)
    order = sorted(range(len(ids)), key=lambda place: len(ids[place]))
    for start in range(0, len(order), 64):
        batch = [place for place in order[start : start + 64] if ids[place]]
        if not batch:
            continue
        width = max(len(ids[place]) for place in batch) + 1
        start_id = tokenizer.bos_token_id
        padded = torch.full((len(batch), width), start_id)
        mask = torch.zeros((len(batch), width))
        for row, place in enumerate(batch):
            padded[row, 1 : 1 + len(ids[place])] = torch.tensor(ids[place])
            mask[row, 1 : 1 + len(ids[place])] = 1
        with torch.no_grad():
            states = model(padded, output_hidden_states=True).hidden_states
        share = (mask / mask.sum(1, keepdim=True))[:, :, None]
        both = torch.cat([(states[depth] * share).sum(1), (states[-1] * share).sum(1)], 1)
        for row, place in enumerate(batch):
            result[place] = both[row].numpy()
    return result


def whitening(drawn, directions, power, constant):
    mean = drawn.mean(0, dtype=numpy.float64)
    values, vectors = numpy.linalg.eigh(numpy.cov((drawn - mean).T.astype(numpy.float64), bias=True))
    values, vectors = values[::-1][:directions], vectors[:, ::-1][:, :directions]
    scales = numpy.where(values > values[0] * 1e-9, values ** (-power / 2), 0)
    overall = 1 / math.sqrt((scales**2 * values).sum())

    def apply(rows):
        x = (rows - mean) @ vectors * scales * overall
        length = numpy.linalg.norm(x, axis=1, keepdims=True)
        x = x * numpy.minimum(1, 4 / numpy.maximum(length, 1e-12))
        return numpy.hstack([x, numpy.full((len(x), 1), constant)])

    return apply


def noise_multiplier(epsilon, delta, steps):
    """sigma of `steps` releases that together are (epsilon, delta)-DP (Balle and Wang 2018, Theorem 8)."""
    if math.isinf(epsilon):
        return 0.0
    phi = lambda value: math.erfc(-value / math.sqrt(2)) / 2

    def spent(mu):
        return phi(-epsilon / mu + mu / 2) - math.exp(epsilon) * phi(-epsilon / mu - mu / 2)

    low, high = 1e-6, 100.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if spent(middle) < delta else (low, middle)
    return math.sqrt(steps) / low


def train(x, y, classes, sigma, steps, rate, momentum, random):
    weights = numpy.zeros((x.shape[1], classes))
    velocity, mean = numpy.zeros_like(weights), numpy.zeros_like(weights)
    target = numpy.eye(classes)[y]
    lengths = numpy.linalg.norm(x, axis=1)
    for step in range(steps):
        scores = x @ weights
        error = numpy.exp(scores - scores.max(1, keepdims=True))
        error = error / error.sum(1, keepdims=True) - target
        norms = lengths * numpy.linalg.norm(error, axis=1)
        error *= numpy.minimum(1, 1 / numpy.maximum(norms, 1e-12))[:, None]
        gradient = (x.T @ error + sigma * random.standard_normal(weights.shape)) / len(x)
        velocity = momentum * velocity + gradient
        weights = weights - rate * velocity
        if step >= steps // 2:
            mean += weights / (steps - steps // 2)
    return mean


def make_features(options):
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    model = AutoModelForCausalLM.from_pretrained(options.model).eval()
    parts, labels = [], []
    for path in (options.train, options.test, options.drawn):
        texts, values = read(path, options.label, options.limit)
        parts.append(features(model, tokenizer, texts, options.tokens))
        labels.append(values)
    names = sorted(set(labels[0]))
    train_y, test_y = ([names.index(value) for value in values] for values in labels[:2])
    numpy.savez(options.features, *parts, train_y, test_y)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("model", "train", "test", "drawn", "label"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--delta", type=float, required=True)
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--tokens", type=int, default=31)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--features", default="features.npz", help="made if it is not there")
    parser.add_argument("--directions", type=int, nargs="+", default=[100])
    parser.add_argument("--power", type=float, nargs="+", default=[0.75])
    parser.add_argument("--constant", type=float, nargs="+", default=[0.3, 1.0])
    parser.add_argument("--steps", type=int, nargs="+", default=[100, 200])
    parser.add_argument("--rate", type=float, nargs="+", default=[0.25, 0.5, 1.0, 2.0, 4.0])
    parser.add_argument("--epsilon", type=float, nargs="+", default=[0.25, 0.5, 1.0, math.inf])
    options = parser.parse_args()
    if not os.path.exists(options.features):
        make_features(options)
    stored = numpy.load(options.features)
    train_x, test_x, drawn = (stored[f"arr_{place}"] for place in range(3))
    train_y, test_y = stored["arr_3"], stored["arr_4"]
    print("epsilon directions power constant steps rate accuracy")
    for directions, power, constant in itertools.product(
        options.directions, options.power, options.constant
    ):
        apply = whitening(drawn, directions, power, constant)
        x, other = apply(train_x), apply(test_x)
        for steps, rate, epsilon in itertools.product(options.steps, options.rate, options.epsilon):
            sigma = noise_multiplier(epsilon, options.delta, steps)
            accuracies = []
            for seed in range(options.seeds if sigma else 1):
                random = numpy.random.default_rng(seed)
                weights = train(x, train_y, 1 + max(train_y), sigma, steps, rate, 0.9, random)
                accuracies.append(((other @ weights).argmax(1) == test_y).mean())
            print(
                epsilon, directions, power, constant, steps, rate, f"{numpy.mean(accuracies):.4f}", flush=True
            )


main()
