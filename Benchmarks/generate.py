#!/usr/bin/env python3
"""Alternates `dpscribe bench sample` with `generate` of transformers; prints medians and ratios.

    generate.py --dpscribe BINARY [--config gpt2] [--batch-sizes 1,64] [--rounds 2]

Random weights, 16 prompt tokens, 128 new ones, the 50 likeliest kept, a key-value cache, no end of
text: all rows are equally long. `generate` runs in single precision, at both matrix-multiply
settings of PyTorch, and in bfloat16. Needs torch and transformers (requirements.txt).
"""

import argparse
import json
import statistics
import sys
import time
import warnings

from compare import heading, run

PROMPT, NEW = 16, 128


def peer(options):
    """Measures one setting of `generate` and prints its tokens per second."""
    warnings.filterwarnings("ignore")
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    from peer import PRESETS

    layers, heads, width, vocabulary, context = PRESETS[options.config]
    torch.manual_seed(0)
    torch.set_float32_matmul_precision("medium" if options.peer == "medium" else "highest")
    shape = GPT2Config(
        vocab_size=vocabulary, n_positions=context, n_embd=width, n_layer=layers, n_head=heads
    )
    kind = torch.bfloat16 if options.peer == "bfloat16" else torch.float32
    model = GPT2LMHeadModel(shape).eval().to(kind)
    ids = torch.randint(0, vocabulary, (int(options.batch_sizes), PROMPT))
    settings = {
        "attention_mask": torch.ones_like(ids), "do_sample": True, "top_k": 50, "use_cache": True,
        "pad_token_id": 0, "eos_token_id": None,
    }
    with torch.inference_mode():
        model.generate(ids, max_new_tokens=4, **settings)
        start = time.perf_counter()
        model.generate(ids, max_new_tokens=NEW, min_new_tokens=NEW, **settings)
        seconds = time.perf_counter() - start
    print(json.dumps({"tokens_per_second": ids.shape[0] * NEW / seconds}))


def measure(size, options):
    """The median speed of each contestant at a batch size."""
    shape = ["--config", options.config]
    commands = {
        "dpscribe": [
            options.dpscribe, "bench", "sample", "--json", *shape, "--batch-size", str(size),
            "--prompt-tokens", str(PROMPT), "--max-new-tokens", str(NEW), "--steps", "1",
        ]
    }
    for setting in ["highest", "medium", "bfloat16"]:
        commands[f"generate {setting}"] = [
            sys.executable, __file__, *shape, "--batch-sizes", str(size), "--peer", setting,
        ]
    found = {name: [] for name in commands}
    for number in range(options.rounds):
        for name, command in commands.items():
            print(f"batch {size} round {number + 1}/{options.rounds}: {name}", file=sys.stderr)
            result = run(command)
            if result:
                found[name].append(result["tokens_per_second"])
    return {name: statistics.median(speeds) for name, speeds in found.items() if speeds}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dpscribe", default=".build/release/dpscribe")
    parser.add_argument("--config", default="gpt2")
    parser.add_argument("--batch-sizes", default="1,64")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return peer(options)
    print(f"{heading()}\n\n### generation, {options.config}\n")
    print("| batch | | tokens/s | ours / theirs |\n|---|---|---|---|")
    for size in map(int, options.batch_sizes.split(",")):
        speeds = measure(size, options)
        for name, speed in speeds.items():
            ratio = speeds.get("dpscribe", 0) / speed
            print(f"| {size} | {name} | {speed:,.0f} | {ratio:.2f} |", flush=True)


if __name__ == "__main__":
    main()
