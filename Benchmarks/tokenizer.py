"""Tokenizer speed on one core beside Hugging Face's `tokenizers`, the same lines and the same ids' count.

    swift build -c release --product tokenizer-benchmark
    python Benchmarks/tokenizer.py VOCABULARY_FOLDER TEXT_FILE [--rounds 5]

Both encode one line after another on one thread, alternating, each round in a fresh process for us and
with a fresh tokenizer for them, so that word caches start empty. Seconds are processor time. Prints a
Markdown table with medians. Written for tokenizers 0.23, Python 3.11.
"""
import argparse
import json
import os
import statistics
import subprocess
import time
from pathlib import Path

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"
from tokenizers import Tokenizer, models, pre_tokenizers  # noqa: E402

BINARY = Path(__file__).parent.parent / ".build/release/tokenizer-benchmark"


def reference(folder):
    vocabulary = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
    merges = [tuple(line.split(" "))
              for line in (folder / "merges.txt").read_text(encoding="utf-8").split("\n")
              if line and not line.startswith("#version")]
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    return tokenizer


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("text", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    lines = [line for line in options.text.read_bytes().decode().split("\n") if line]
    size = sum(len(line.encode()) for line in lines)
    ours, single, batch = [], [], []
    for _ in range(options.rounds):
        out = json.loads(subprocess.run(
            [BINARY, options.vocabulary, options.text], capture_output=True, check=True).stdout)
        assert out["bytes"] == size, (out, size)
        ours.append(out["seconds"])
        for times, encode in (
            (single, lambda t: sum(len(t.encode(line).ids) for line in lines)),
            (batch, lambda t: sum(len(e.ids) for e in t.encode_batch_fast(lines))),
        ):
            tokenizer = reference(options.vocabulary)
            start = time.process_time()
            count = encode(tokenizer)
            times.append(time.process_time() - start)
            assert count == out["tokens"], (count, out)
    print("| one core | MB/s | ratio |\n| --- | ---: | ---: |")
    fastest = min(statistics.median(single), statistics.median(batch))
    for name, times in (("dpscribe", ours), ("tokenizers, encode", single),
                        ("tokenizers, encode_batch_fast", batch)):
        median = statistics.median(times)
        print(f"| {name} | {size / median / 1e6:.1f} | {fastest / median:.2f} |")
    print(f"\n{size:,} bytes in {len(lines):,} lines, {out['tokens']:,} tokens; medians of "
          f"{options.rounds} rounds.")


main()
