"""Writes pattern_tokenizers.json: small tokenizers of every pattern, and what they make of strings.

Made with tokenizers 0.23.3; run as
    python make_pattern_fixture.py pattern_tokenizers.json
"""

import json
import random
import sys

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from tokenizers import processors, trainers

CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
TEXT = """The quick brown fox jumps over 13 lazy dogs; it's 2024-05-17, and we'll see 12345 of them.
They're not what you'd think: I've had 3.14159 pies. Grüße aus Köln, naïve café, 東京で会いましょう!
    def f(x):\n\treturn x ** 2  # power\n\nSHE'LL SAY "NO"...   Ünïcödé\r\n\r\n""" * 3


def split(number: str):
    pattern = CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|" + number + REST
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), "isolated", False),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )


DIGITS = pre_tokenizers.Sequence(
    [pre_tokenizers.Digits(True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
)
KINDS = {
    "digits": dict(cut=DIGITS, every_byte=False),
    "llama3": dict(cut=split(r"\p{N}{1,3}"), ignore_merges=True, begin=True),
    "qwen2": dict(cut=split(r"\p{N}"), nfc=True),
}


def make(cut, every_byte=True, ignore_merges=False, begin=False, nfc=False) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    tokenizer.pre_tokenizer = cut
    if nfc:
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    ascii_only = [c for c in alphabet if 0x21 <= ord(c) < 0x7F] + ["Ġ", "Ċ"]
    trainer = trainers.BpeTrainer(
        vocab_size=520,
        special_tokens=["<|begin|>", "<|end|>"],
        initial_alphabet=alphabet if every_byte else ascii_only,
        show_progress=False,
    )
    tokenizer.train_from_iterator([TEXT], trainer)
    tokenizer.add_tokens([AddedToken("<tool>", special=False, normalized=False)])
    if begin:
        tokenizer.post_processor = processors.TemplateProcessing(
            single="<|begin|> $A", special_tokens=[("<|begin|>", 0)]
        )
    tokenizer.encode_special_tokens = True
    return tokenizer


def strings() -> list[str]:
    fixed = [
        "", " ", "  ", "\n", "\r\n", " \n ", "a  1", "  12 34  ", "1234567", "x1y22z333", "½²Ⅷ٣४",
        "it's IT'S it'S 'sx 'ſ 'll 'LL 'Ll 're 'RE", "<|end|>", "a<|end|>b <|begin|>", "<tool> x<tool>",
        "foo  \n\n  bar", "foo \r\n\r\n bar\n", "...\n\n!!!\r\r x", "\t\tx", " \u00a0 y", "\u2028\u3000z",
        "e\u0301\u0327 n\u0303 \u212b \uac00\u11a8", "don\u2019t", "𝔘𝔫𝔦 😀👍🏽 \U000e0041", "\u0004\u0013\u001d",
        "a\u0000b", "Ǆ ﬁ ẞ", "ไทย ภาษา", "नमस्ते", "שלום", "مرحبا ١٢٣", "東京2024年", "  x", "   x", "x   ",
    ]
    generator = random.Random(11)
    parts = list(" \n\r\t'abSTrel09½.!?-_é\u0301東😀\u00a0") + ["'s", "'LL", "12", "  ", "\r\n", "the "]
    for _ in range(120):
        fixed.append("".join(generator.choice(parts) for _ in range(generator.randint(1, 14))))
    return fixed


made = {kind: make(**settings) for kind, settings in KINDS.items()}
cases = [
    {"text": text, **{k: t.encode(text, add_special_tokens=False).ids for k, t in made.items()}}
    for text in strings()
]
with open(sys.argv[1], "w") as file:
    json.dump(
        {
            "tokenizers": tokenizers.__version__,
            "files": {kind: tokenizer.to_str() for kind, tokenizer in made.items()},
            "cases": cases,
        },
        file,
        separators=(",", ":"),
    )
