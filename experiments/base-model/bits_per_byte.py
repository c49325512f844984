"""Held-out bits per byte of a base model on each public corpus, beside gzip, xz and an n-gram model.

    python bits_per_byte.py --model models/base --data A.jsonl B.jsonl … [--unseen C.jsonl …]

`--data` names the files of `dpscribe pretrain` in the same order: of all their records, counted from 0
over all files, those with number % 100 == 7 were held out from training and are measured here. Of the
files of `--unseen`, nothing of which was trained on, the first 40,000 characters of every document are.

All columns describe the same held-out bytes:
- model: −log₂ p of every token and of end-of-text, windows of the model's context without overlap, read by
  transformers and not by dpscribe, as a second opinion on dpscribe's own figure;
- n-gram: an interpolated Witten-Bell trigram model over the same tokens, trained on the same
  documents, with its most frequent n-grams only, as many as fit into the bytes of the model's weights at
  8 bytes an n-gram (Witten and Bell 1991);
- gzip -9 and xz -9e: the held-out documents one after another, nothing before them.

Prints a Markdown table. Written for Python 3.11, torch 2.15, transformers 5.23, tokenizers 0.23.
"""
import argparse
import gzip
import json
import lzma
import math
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import GPT2LMHeadModel
from transformers.utils.logging import disable_progress_bar

BYTES_PER_NGRAM = 8


def open_tokenizer(folder):
    vocabulary = json.loads((folder / "vocab.json").read_text())
    merges = [tuple(line.split(" ")) for line in (folder / "merges.txt").read_text().splitlines()
              if line and not line.startswith("#version")]
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer, vocabulary["<|endoftext|>"]


def documents(path):
    for line in Path(path).read_text(encoding="utf-8").split("\n"):
        text = json.loads(line).get("text") if line.strip() else None
        if text:
            yield text


def split(paths, tokenizer):
    """Token lists to train on, and the held-out texts of each file."""
    training, held_out, number = [], {}, 0
    for path in paths:
        held_out[Path(path).stem] = []
        rest = []
        for text in documents(path):
            (held_out[Path(path).stem] if number % 100 == 7 else rest).append(text)
            number += 1
        for start in range(0, len(rest), 1000):
            training += [e.ids for e in tokenizer.encode_batch(rest[start:start + 1000])]
    return training, held_out


class Trigrams:
    """p(w | u v) = λ(uv) count(uvw)/count(uv) + (1 − λ(uv)) p(w | v), and so on down to uniform;
    1 − λ = distinct / (count + distinct) of the context's kept continuations."""

    def __init__(self, sequences, size, end, limit):
        self.size = size
        stream = np.concatenate([np.array([end, end] + s + [end], dtype=np.int64) for s in sequences])
        self.tables, self.contexts = [], []
        left = limit
        for order in (1, 2, 3):
            keys = sum(stream[i:len(stream) - order + 1 + i] * size ** (order - 1 - i)
                       for i in range(order))
            values, counts = np.unique(keys, return_counts=True)
            share = left if order == 3 else min(left, limit // 3)
            if len(values) > share:
                kept = np.argpartition(-counts, share)[:share]
                values, counts = values[kept], counts[kept]
            left -= len(values)
            self.tables.append(dict(zip(values.tolist(), counts.tolist())))
            owners, where = np.unique(values // size, return_inverse=True)
            totals = np.bincount(where, weights=counts)
            distinct = np.bincount(where)
            self.contexts.append(
                dict(zip(owners.tolist(), zip(totals.tolist(), distinct.tolist()))))

    def bits(self, tokens, end):
        total, context = 0.0, [end, end]
        for token in tokens + [end]:
            p = 1 / self.size
            for order in (1, 2, 3):
                owner = 0 if order == 1 else context[-1] if order == 2 else (
                    context[-2] * self.size + context[-1])
                found = self.contexts[order - 1].get(owner)
                if found is None:
                    continue
                count, distinct = found
                own = self.tables[order - 1].get(owner * self.size + token, 0)
                p = (own + distinct * p) / (count + distinct)
            total -= math.log2(p)
            context = [context[-1], token]
        return total


def model_bits(model, tokens, end):
    context = model.config.n_positions
    ids = torch.tensor([end] + tokens + [end])
    total = 0.0
    with torch.no_grad():
        for start in range(0, len(ids) - 1, context):
            piece = ids[start:start + context + 1]
            logits = model(piece[None, :-1]).logits[0]
            total += torch.nn.functional.cross_entropy(logits, piece[1:], reduction="sum").item()
    return total / math.log(2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", nargs="+", required=True)
    parser.add_argument("--unseen", nargs="*", default=[])
    options = parser.parse_args()
    torch.set_num_threads(2)
    disable_progress_bar()
    tokenizer, end = open_tokenizer(options.model)
    model = GPT2LMHeadModel.from_pretrained(options.model, dtype=torch.float32).eval()
    training, held_out = split(options.data, tokenizer)
    unseen = {Path(path).stem: [text[:40_000] for text in documents(path)] for path in options.unseen}
    weights = (options.model / "model.safetensors").stat().st_size
    trigrams = Trigrams(training, len(tokenizer.get_vocab()), end, weights // BYTES_PER_NGRAM)
    print("| corpus | held-out bytes | dpscribe base | trigram, same size | xz -9e | gzip -9 |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    sums = np.zeros(5)
    rows = list(held_out.items()) + [(name + " (not trained on)", t) for name, t in unseen.items()]
    for place, (name, texts) in enumerate(rows):
        joined = "\n".join(texts).encode()
        ids = [e.ids for e in tokenizer.encode_batch(texts)]
        figures = np.array([
            sum(len(t.encode()) for t in texts),
            sum(model_bits(model, i, end) for i in ids),
            sum(trigrams.bits(i, end) for i in ids),
            8 * len(lzma.compress(joined, preset=9 | lzma.PRESET_EXTREME)),
            8 * len(gzip.compress(joined, 9)),
        ], dtype=float)
        if place < len(held_out):
            sums += figures
        show(name, figures)
        if place == len(held_out) - 1:
            show("all trained on", sums)


def show(name, figures):
    cells = " | ".join(f"{f / figures[0]:.3f}" if figures[0] else "–" for f in figures[1:])
    print(f"| {name} | {int(figures[0]):,} | {cells} |", flush=True)


main()
