"""Writes described/NAME/{tokenizer.json,...} and described/cases.json: what `tokenizers` makes of folders
that say more than GPT-2's vocab.json and merges.txt do.

Every folder has the first 44 merges of ../tokenizer and the tokens that it adds. cases.json holds, by
folder, texts and the ids that the reference gives, special tokens not recognised in text
(encode_special_tokens), no post-processing.

Made with tokenizers 0.23.3, Python 3.11, seed 20261130.
Usage: python make_described_tokenizers.py
"""
import json
import pathlib
import random

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors

here = pathlib.Path(__file__).parent
rng = random.Random(20261130)
END = "<|endoftext|>"
MERGES = [
    tuple(line.split(" ")) for line in (here / "tokenizer/merges.txt").read_text().split("\n")[1:45]
]


def vocabulary():
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    alphabet = [chr(b) for b in printable] + [chr(0x100 + i) for i in range(68)]
    tokens = alphabet + [a + b for a, b in MERGES] + [END]
    return {token: i for i, token in enumerate(dict.fromkeys(tokens))}


def tokenizer(prefix_space=False, added=(), special=(END,), template=False):
    made = Tokenizer(models.BPE(vocab=vocabulary(), merges=MERGES))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=prefix_space)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens(list(special))
    made.add_tokens(list(added))
    if template:
        made.post_processor = processors.TemplateProcessing(
            single="<s> $A </s>", special_tokens=[(t, made.token_to_id(t)) for t in ("<s>", "</s>")])
    return made


FOLDERS = {
    "prefix-space": dict(prefix_space=True),
    "added": dict(added=[
        AddedToken("[MAIL]", normalized=False), AddedToken("[MAIL]S", normalized=True),
        AddedToken("<a>", lstrip=True, normalized=False), AddedToken("<b>", rstrip=True, normalized=False),
        AddedToken("<c>", lstrip=True, rstrip=True), AddedToken("cat", single_word=True),
        AddedToken("née", normalized=True), AddedToken("  ", normalized=False), AddedToken("er"),
    ], special=[END, AddedToken("<|pad|>", special=True), AddedToken("[MA", special=True)]),
    "spaced-and-added": dict(prefix_space=True, added=[
        AddedToken("<a>", lstrip=True, rstrip=True, normalized=False), AddedToken("\n"),
        AddedToken("dog", single_word=True, lstrip=True)]),
    "template": dict(special=[END, "<s>", "</s>"], template=True),
}
PIECES = [
    "[MAIL]", "[MAIL]S", "[MAIL", "[MA", "<a>", "<b>", "<c>", "cat", "cats", "née", "ne\u0301e", "er", "dog",
    "<|pad|>", END, "<s>", "</s>", " ", "  ", "   ", "\n", "\r\n", "\t", "\u00a0", "\u3000", "\u2003", "the", " the",
    "water", "x", "_", "1", "é", "\u0301", "\u200d", "猫", "😀", ".", ",", "'s", "-", "a", "A", "<", ">", "[", "",
]


def texts():
    yield from ["", " ", "  ", "cat", " cat ", "cat.", "cats", "a cat", "écat", "cat\u0301", "cat_", "cat\u200d"]
    yield from ["<a><b>", " <a> <b> ", "<b> <a>", "<c> <c>", "x <c> <a> y", "<b>  [MAIL]", "\n<b>\n\n<c>\n"]
    for _ in range(220):
        yield "".join(rng.choice(PIECES) for _ in range(rng.randint(1, 8)))


def main():
    cases = {}
    for name, settings in FOLDERS.items():
        folder = here / "described" / name
        folder.mkdir(parents=True, exist_ok=True)
        made = tokenizer(**settings)
        (folder / "tokenizer.json").write_text(made.to_str())
        made.encode_special_tokens = True
        cases[name] = [[t, made.encode(t, add_special_tokens=False).ids] for t in texts()]
    (here / "described/cases.json").write_text(json.dumps(cases, ensure_ascii=True, separators=(",", ":")))


main()
