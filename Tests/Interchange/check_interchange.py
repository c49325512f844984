"""Holds dpscribe's model folders against Hugging Face's transformers, both ways.

    python check_interchange.py BINARY [--prompts 20] [--tokens 200]

Two configurations of GPT-2 get random weights, each stored by transformers as F32, F16 and BF16, and
each of those under the names that are in use: with `transformer.` before them, without, and with a
separate `lm_head.weight` and the attention masks of old files. Then:

- `inspect` states the shape, and `import` of all namings gives the same bytes;
- `sample --temperature 0` continues every prompt as `generate(do_sample=False)` does, token for token;
- `export` in safetensors, half precision and HDF5 comes back: transformers opens the folder with its
  tokenizer, with logits within 1e-4 and the same continuations.

The oracle is exact: continuations consist of tokens that begin with a space and hold no other, so a
text spells its tokens in one way only, and prompts are kept whose continuation has no near tie between
the two likeliest tokens. Prints one line a check; exits 1 at the first difference.
Written for Python 3.11, torch 2.15, transformers 5.23, tokenizers 0.23, safetensors 0.8.
"""
import argparse
import hashlib
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from tokenizers import ByteLevelBPETokenizer
from transformers import (
    AutoModelForCausalLM, AutoTokenizer, GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast)
from transformers.utils.logging import disable_progress_bar

CONFIGURATIONS = {
    "wide": dict(n_layer=2, n_head=4, n_embd=96, n_positions=256, resid_pdrop=0.0),
    "deep": dict(n_layer=5, n_head=2, n_embd=32, n_positions=320, layer_norm_epsilon=1e-6),
}
TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
NEAR_TIE = 1e-3


def run(binary, *arguments):
    done = subprocess.run(
        [binary, *map(str, arguments), "--json", "--quiet"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"dpscribe {' '.join(map(str, arguments))}: {done.returncode}\n{done.stderr}")
    return json.loads(done.stdout)


def require(holds, message):
    if not holds:
        sys.exit("DIFFERENT " + message)


def train_tokenizer(folder, as_json):
    """A byte-level BPE trained by `tokenizers` on made-up words and this file."""
    words = random.Random(3)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    lines = [
        " ".join("".join(words.choices(syllables, k=words.randint(1, 3))) for _ in range(12))
        for _ in range(400)
    ] + Path(__file__).read_text().splitlines()
    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator(
        lines, vocab_size=1200, min_frequency=2, special_tokens=["<|endoftext|>"],
        show_progress=False)
    folder.mkdir(parents=True)
    if as_json:
        PreTrainedTokenizerFast(
            tokenizer_object=tokenizer._tokenizer, bos_token="<|endoftext|>",
            eos_token="<|endoftext|>").save_pretrained(folder)
    else:
        tokenizer.save_model(str(folder))
    return tokenizer


def random_model(tokenizer, shape, kind):
    """Random weights, of which the head never favours a token that could be spelled otherwise."""
    size = tokenizer.get_vocab_size()
    end = tokenizer.token_to_id("<|endoftext|>")
    config = GPT2Config(
        vocab_size=size, initializer_range=0.3, bos_token_id=end, eos_token_id=end, **shape)
    model = GPT2LMHeadModel(config).eval()
    spelled = [tokenizer.id_to_token(i) for i in range(size)]
    ambiguous = torch.tensor(
        [not t.startswith("Ġ") or len(t) < 2 or not t[1:].isascii() for t in spelled])
    with torch.no_grad():
        for name, value in model.named_parameters():
            if name.endswith("bias") or "ln_" in name:
                value.add_(torch.randn_like(value) * 0.1)
        model.transformer.ln_f.weight[0] = 0
        model.transformer.ln_f.bias[0] = 1
        model.transformer.wte.weight[:, 0] = torch.where(ambiguous, -100.0, 0.0)
    return model.to(kind).float(), end


def write_folder(folder, model, kind, naming, tokenizer_folder):
    """What transformers writes, or the same weights under the other names in use."""
    model.to(kind).save_pretrained(folder)
    model.float()
    file = folder / "model.safetensors"
    plain = load_file(file)
    if naming == "bare":
        save_file({k.removeprefix("transformer."): v for k, v in plain.items()}, file,
                  {"format": "pt"})
    if naming == "head":
        extra = {"lm_head.weight": plain["transformer.wte.weight"].clone()}
        context = model.config.n_positions
        for layer in range(model.config.n_layer):
            mask = torch.tril(torch.ones(context, context, dtype=torch.uint8))
            extra[f"transformer.h.{layer}.attn.bias"] = mask.view(1, 1, context, context)
            extra[f"transformer.h.{layer}.attn.masked_bias"] = torch.tensor(-1e4)
        save_file(plain | extra, file, {"format": "pt"})
    for part in tokenizer_folder.iterdir():
        (folder / part.name).write_bytes(part.read_bytes())


def continuation(model, ids, count):
    """Greedy tokens, and the smallest distance between the two likeliest."""
    with torch.no_grad():
        out = model.generate(
            torch.tensor([ids]), do_sample=False, max_new_tokens=count, min_new_tokens=count,
            attention_mask=torch.ones(1, len(ids), dtype=torch.long), pad_token_id=ids[0],
            output_scores=True, return_dict_in_generate=True)
    top = torch.cat(out.scores).topk(2).values
    return out.sequences[0, len(ids):].tolist(), (top[:, 0] - top[:, 1]).min().item()


def choose_prompts(model, tokenizer, end, count, tokens, seed):
    """Prompts, their ids and continuations without a near tie."""
    words = random.Random(seed)
    # Text that spells end-of-text is text here and a special token there, by design.
    known = [tokenizer.id_to_token(i).replace("Ġ", " ")
             for i in range(tokenizer.get_vocab_size())
             if i != end and tokenizer.id_to_token(i).replace("Ġ", " ").isascii()]
    chosen, tried = [], 0
    while len(chosen) < count:
        tried += 1
        require(tried < 40 * count, "no prompt without a near tie")
        text = "".join(words.choices(known, k=words.randint(1, 12))) or "a"
        if words.random() < 0.3:
            text += words.choice(["\n\n", " é", "  12 ", "'s", " 猫", "\t"])
        if text[0] == "-" or not text.strip():
            continue
        ids = [end] + tokenizer.encode(text).ids
        greedy, margin = continuation(model, ids, tokens)
        if margin > NEAR_TIE:
            chosen.append((text, ids, greedy))
    return chosen


def sampled(binary, folder, text, tokens, scratch):
    run(binary, "sample", "--model", folder, "--count", 1, "--temperature", 0, "--prompt", text,
        "--max-new-tokens", tokens, "--out", scratch / "text.jsonl")
    return json.loads((scratch / "text.jsonl").read_text())["text"]


def check_continuations(binary, folder, tokenizer, chosen, tokens, scratch, name):
    for text, _, greedy in chosen:
        expected = tokenizer.decode(greedy, skip_special_tokens=False)
        found = sampled(binary, folder, text, tokens, scratch)
        require(found.split(" ") == expected.split(" "), f"{name}: text after {text!r}")
    print(f"{name}: {len(chosen)} continuations of {tokens} tokens are equal")


def check_opens_in_transformers(folder, model, tokenizer, chosen, tokens, tolerance, name):
    opened = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    own = AutoTokenizer.from_pretrained(folder)
    require(own.eos_token == "<|endoftext|>" and own.eos_token_id == chosen[0][1][0],
            f"{name}: end of text")
    largest = 0
    with torch.no_grad():
        for text, ids, greedy in chosen:
            require(own.encode(text) == ids[1:], f"{name}: ids of {text!r}")
            require(own.decode(ids[1:]) == text, f"{name}: text of the ids of {text!r}")
            both = torch.tensor([ids + greedy])
            largest = max(largest, (opened(both).logits - model(both).logits).abs().max().item())
            if tolerance <= 1e-4:
                require(continuation(opened, ids, tokens)[0] == greedy, f"{name}: {text!r}")
    require(largest <= tolerance, f"{name}: logits differ by {largest}")
    print(f"{name}: opens in transformers, logits within {largest:.1e}")


def digest(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def check_export(binary, folder, model, tokenizer, chosen, tokens, scratch, name):
    half_is_exact = all((v.half().float() == v).all() for v in model.state_dict().values())
    for form, options, tolerance in (
        ("safetensors", [], 1e-4),
        ("half precision", ["--half-precision"], 1e-4 if half_is_exact else 1),
    ):
        out = scratch / f"{name} {form}"
        run(binary, "export", "--model", folder, "--format", "safetensors", "--out", out, *options)
        check_opens_in_transformers(
            out, model, tokenizer, chosen, tokens, tolerance, f"{name}, exported in {form}")
    out = scratch / f"{name} hdf5"
    run(binary, "export", "--model", folder, "--format", "hdf5", "--out", out)
    back = scratch / f"{name} back"
    run(binary, "import", "--from", out, "--out", back)
    require(digest(back / "model.safetensors") == digest(folder / "model.safetensors"),
            f"{name}: HDF5 and back")
    print(f"{name}: HDF5 and back is the same bytes")


def check(binary, scratch, place, configuration, kind, prompts, tokens):
    name = f"{configuration} {kind}"
    torch.manual_seed(place + 1)
    shape = CONFIGURATIONS[configuration]
    tokenizer_folder = scratch / f"{name} tokenizer"
    tokenizer = train_tokenizer(tokenizer_folder, as_json=configuration == "deep")
    model, end = random_model(tokenizer, shape, TYPES[kind])
    chosen = choose_prompts(model, tokenizer, end, prompts, tokens, seed=place)
    digests = set()
    for naming in ("plain", "bare", "head"):
        folder = scratch / f"{name} {naming}"
        write_folder(folder, model, TYPES[kind], naming, tokenizer_folder)
        facts = run(binary, "inspect", folder)
        require((facts["layers"], facts["heads"], facts["width"], facts["context_length"])
                == (shape["n_layer"], shape["n_head"], shape["n_embd"], shape["n_positions"])
                and facts["vocab_size"] == tokenizer.get_vocab_size(), f"{name}: inspect: {facts}")
        imported = scratch / f"{name} {naming} imported"
        run(binary, "import", "--from", folder, "--out", imported)
        digests.add(digest(imported / "model.safetensors"))
        check_continuations(
            binary, folder, tokenizer, chosen[:1], tokens, scratch, f"{name} {naming}, as it is")
    require(len(digests) == 1, f"{name}: the namings give different weights")
    imported = scratch / f"{name} plain imported"
    check_continuations(binary, imported, tokenizer, chosen, tokens, scratch, f"{name}, imported")
    check_export(binary, imported, model, tokenizer, chosen, tokens, scratch, name)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--prompts", type=int, default=20)
    parser.add_argument("--tokens", type=int, default=200)
    options = parser.parse_args()
    torch.set_num_threads(1)
    disable_progress_bar()
    with tempfile.TemporaryDirectory() as scratch:
        place = 0
        for configuration in CONFIGURATIONS:
            for kind in TYPES:
                check(options.binary, Path(scratch), place, configuration, kind, options.prompts,
                      options.tokens)
                place += 1
    print("ok")


main()
