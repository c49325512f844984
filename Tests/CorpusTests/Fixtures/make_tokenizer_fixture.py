"""Writes tokenizer/{vocab.json,merges.txt}, trainer-text.txt and fuzz.bin: what the reference tokenizers do.

- trainer-text.txt: text of this script's own making, one record a line.
- tokenizer/: byte-level BPE of 1,024 tokens that `tokenizers` trains on it, end-of-text last.
- fuzz.bin: 10,000 strings; each is [UInt16 length, UTF-8 bytes, UInt32 hash, UInt32 hash], little endian.
  The hashes are FNV-1a (32 bits) over the ids (UInt32 little endian) that `tokenizers` gives with
  tokenizer/ and with GPT-2's own vocabulary, special tokens not recognised in text; `tiktoken` must agree.

Made with tokenizers 0.23.3 and tiktoken 0.14.0, Python 3.11, seed 20261121.
Usage: python make_tokenizer_fixture.py FOLDER_WITH_GPT2_VOCABULARY
"""
import json
import pathlib
import random
import struct
import sys

import tiktoken
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

here = pathlib.Path(__file__).parent
rng = random.Random(20261121)
GPT2_PATTERN = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"""
END = "<|endoftext|>"


SYLLABLES = "ba be bi cor den er est fal gra ho in ion ka le ment mo ness or per qui ra re sto ta ter tion un vi wor zy".split()
LEXICON = ["".join(rng.choice(SYLLABLES) for _ in range(rng.randint(1, 4))) for _ in range(1500)]


def sentence():
    if rng.random() < 0.5:
        return " ".join(LEXICON[int(1500 * rng.random() ** 3)] for _ in range(rng.randint(3, 9))).capitalize() + "."
    who = rng.choice(["The cook", "My neighbour", "A guest", "Our driver", "She", "He", "They", "The owner's son"])
    verb = rng.choice(["didn't like", "loved", "won't forget", "asked about", "couldn't find", "praised", "returned"])
    what = rng.choice(["the soup", "three lamps", "a blue chair", "the naïve café menu", "12 tickets", "the garden",
                       "an old radio", "über-fresh bread", "the 7:45 train", "chocolate", "nothing at all"])
    tail = rng.choice([".", "!", ", and we'll go again.", "; it's fine.", " — really?", " (twice).", " :-)", "\tat 5.0 stars."])
    return f"{who} {verb} {what}{tail}"


def training_text():
    return [" ".join(sentence() for _ in range(rng.randint(1, 4))) for _ in range(400)]


def trained(lines):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=1023, min_frequency=2, show_progress=False, special_tokens=[],
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(lines, trainer)
    state = json.loads(tokenizer.to_str())["model"]
    vocab = dict(state["vocab"])
    vocab[END] = len(vocab)
    return vocab, [m if isinstance(m, list) else m.split(" ") for m in state["merges"]]


def opened(vocab, merges):
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=[tuple(m) for m in merges]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([END])
    tokenizer.encode_special_tokens = True
    return tokenizer


def tik(vocab, name):
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    byte_of = dict(zip(alphabet, printable + [b for b in range(256) if b not in printable]))
    ranks = {bytes(byte_of[c] for c in t): i for t, i in vocab.items() if t != END}
    return tiktoken.Encoding(name=name, pat_str=GPT2_PATTERN, mergeable_ranks=ranks, special_tokens={END: vocab[END]})


def scalar(low, high):
    while True:
        c = rng.randint(low, high)
        if not 0xD800 <= c <= 0xDFFF:
            return chr(c)


def fuzz(words):
    spaces = [" ", "  ", "   ", "\n", "\r\n", "\t", "\n\n", "\u00a0", "\u2028", "\u3000", "\u0085", "\x0b", "\x1c", "\u200b", " \n "]
    marks = ["\u0301", "\u0308", "\u20dd", "\u200d", "\ufe0f", "\u0902"]
    emoji = ["😀", "👩‍👩‍👧‍👦", "🇩🇪", "👍🏽", "❤️", "🏴‍☠️"]
    contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'RE", "'v", "'l", "'", "''s", "’s"]
    makers = [
        lambda: rng.choice(words), lambda: rng.choice(words), lambda: " " + rng.choice(words),
        lambda: rng.choice(spaces), lambda: rng.choice(contractions), lambda: rng.choice(emoji),
        lambda: rng.choice("abcxyzéñßcafe") + rng.choice(marks),
        lambda: str(rng.randint(0, 10 ** rng.randint(1, 9))), lambda: scalar(0, 0x7F), lambda: scalar(0x80, 0x7FF),
        lambda: scalar(0x800, 0xFFFF), lambda: scalar(0x10000, 0x1FFFF), lambda: scalar(0x20000, 0x10FFFF),
        lambda: scalar(0x4E00, 0x9FFF), lambda: scalar(0x600, 0x6FF), lambda: scalar(0x2150, 0x218F),
        lambda: " " * rng.randint(2, 30), lambda: rng.choice(".,!?-_=*#") * rng.randint(1, 12), lambda: END,
        lambda: rng.choice(["<|endoftext", "|>", "\x00", "\ufeff", "\ufffd", "aaaaaaaa", "http://x.org/?q=1&r=2"]),
    ]
    while True:
        text = "".join(rng.choice(makers)() for _ in range(rng.randint(1, 6)))
        if len(text.encode()) <= 60 or rng.random() < 0.02:
            return text


def digest(ids):
    value = 0x811C9DC5
    for byte in b"".join(struct.pack("<I", i) for i in ids):
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return value


def main():
    lines = training_text()
    (here / "trainer-text.txt").write_text("\n".join(lines) + "\n")
    vocab, merges = trained(lines)
    folder = here / "tokenizer"
    folder.mkdir(exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
    gpt2 = pathlib.Path(sys.argv[1])
    big = json.loads((gpt2 / "vocab.json").read_text())
    big_merges = [line.split(" ") for line in (gpt2 / "merges.txt").read_text().split("\n")[1:] if line]
    pairs = [(opened(v, m), tik(v, n)) for v, m, n in ((vocab, merges, "small"), (big, big_merges, "gpt2-local"))]
    words = sorted({w for line in lines for w in line.split()}) + ["information", "Restaurants", "antidisestablishment"]
    with open(here / "fuzz.bin", "wb") as out:
        for _ in range(10_000):
            text = fuzz(words)
            out.write(struct.pack("<H", len(text.encode())) + text.encode())
            for reference, second in pairs:
                ids = reference.encode(text, add_special_tokens=False).ids
                # tiktoken takes a whole piece that is a token without merging; the ids differ only if merges
                # cannot reach it, which no trained vocabulary has.
                assert ids == second.encode_ordinary(text), repr(text)
                out.write(struct.pack("<I", digest(ids)))
    print(len(vocab), len(merges))


main()
