"""Writes Sources/Corpus/Tokenizer/UnicodeClassRanges.swift: the scalars that the reference
tokenizers' regular expressions take for \\p{L}, \\p{N} and \\s.

Made with tokenizers 0.23.3 (Oniguruma); tiktoken 0.14.0 agrees on every scalar. Both are at
Unicode 16.0. Usage: python make_unicode_classes.py > ../../../Sources/Corpus/Tokenizer/UnicodeClassRanges.swift
"""
import textwrap
from tokenizers import Regex, pre_tokenizers


def members(pattern):
    split = pre_tokenizers.Split(Regex(pattern), behavior="isolated")
    found = set()
    for start in range(0, 0x110000, 4096):
        scalars = [c for c in range(start, start + 4096) if not 0xD800 <= c <= 0xDFFF and c != 1]
        text = "\x01" + "\x01".join(map(chr, scalars)) + "\x01"
        for piece, _ in split.pre_tokenize_str(text):
            if len(piece) == 1 and piece != "\x01":
                found.add(ord(piece))
    return sorted(found)


def runs(scalars):
    """[gap, length, gap, length, ...] from scalar 0 on."""
    result, end, i = [], 0, 0
    while i < len(scalars):
        j = i
        while j + 1 < len(scalars) and scalars[j + 1] == scalars[j] + 1:
            j += 1
        result += [scalars[i] - end, scalars[j] - scalars[i] + 1]
        end = scalars[j] + 1
        i = j + 1
    return result


def literal(name, doc, pattern):
    numbers = runs(members(pattern))
    print(f"    /// {doc}")
    print(f"    static let {name}: [UInt32] = [")
    print(textwrap.fill(", ".join(map(str, numbers)) + ",", 96, initial_indent=" " * 8,
                        subsequent_indent=" " * 8))
    print("    ]")


print("/// The scalars of the classes of GPT-2's pre-tokenisation pattern, as of Unicode 16.0.")
print("///")
print("/// `tokenizers` 0.23.3 and `tiktoken` 0.14.0 agree on every scalar of these; the Swift 6.3 library")
print("/// follows Unicode 17.0 and calls 4,657 more scalars letters or numbers, which would change token")
print("/// ids. Each list alternates the length of a gap and the length of the run that follows it, from")
print("/// scalar 0 on. Made by `make_unicode_classes.py` in the tests' fixtures.")
print("enum UnicodeClassRanges {")
literal("letters", r"`\p{L}`: 141,028 scalars.", r"\p{L}")
print()
literal("numbers", r"`\p{N}`: 1,911 scalars.", r"\p{N}")
print()
literal("spaces", r"`\s`: 25 scalars.", r"\s")
print("}")
