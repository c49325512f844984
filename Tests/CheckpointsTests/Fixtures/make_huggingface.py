"""Writes small GPT-2 folders as Hugging Face's transformers writes them, and their answers.

Made with Python 3.11, torch 2.15.0, transformers 5.23.0, safetensors 0.8.0;
seed 1. Run in this folder. `answers.json` holds, for `plain`, logits of one sequence and greedy
continuations.
"""
import json
import os
import shutil

import safetensors
import safetensors.torch
import torch
import transformers
from transformers import GPT2Config, GPT2LMHeadModel

torch.manual_seed(1)
config = GPT2Config(
    vocab_size=61, n_positions=40, n_embd=16, n_layer=2, n_head=2, bos_token_id=60,
    eos_token_id=60, initializer_range=0.5)
model = GPT2LMHeadModel(config).eval()
with torch.no_grad():
    for name, value in model.named_parameters():
        if name.endswith("bias") or "ln_" in name:
            value.add_(torch.randn_like(value) * 0.1)


def folder(name, state, configuration=config):
    path = "HuggingFace/" + name
    os.makedirs(path, exist_ok=True)
    configuration.save_pretrained(path)
    for file in os.listdir(path):
        if file != "config.json":
            os.remove(path + "/" + file)
    safetensors.torch.save_file(state, path + "/model.safetensors", {"format": "pt"})


shutil.rmtree("HuggingFace", ignore_errors=True)
full = {k: v.clone() for k, v in model.state_dict().items()}
bare = {k.removeprefix("transformer."): v for k, v in full.items() if k != "lm_head.weight"}
model.save_pretrained("HuggingFace/plain")
os.remove("HuggingFace/plain/generation_config.json")
folder("bare_names", bare)
masks = dict(full)
for layer in range(2):
    masks[f"transformer.h.{layer}.attn.bias"] = torch.ones(1, 1, 40, 40, dtype=torch.uint8)
    masks[f"transformer.h.{layer}.attn.masked_bias"] = torch.tensor(-1e4)
folder("with_head_and_masks", masks)
folder("half", {k: v.half() for k, v in bare.items()})
folder("bfloat", {k: v.bfloat16() for k, v in bare.items()})
untied = {k: v.clone() for k, v in full.items()}
untied["lm_head.weight"][3, 4] += 1e-6
folder("untied_head", untied)

prompts = [[5], [1, 2, 3], [60, 7, 7, 7, 7, 20], list(range(30))]
with torch.no_grad():
    tokens = list(range(40))
    logits = model(torch.tensor([tokens])).logits[0]
    greedy = []
    for prompt in prompts:
        out = model.generate(
            torch.tensor([prompt]), do_sample=False, max_new_tokens=40 - len(prompt),
            attention_mask=torch.ones(1, len(prompt), dtype=torch.long), pad_token_id=60)
        greedy.append(out[0, len(prompt):].tolist())
    answers = {
        "prompts": prompts, "greedy": greedy, "tokens": tokens,
        "logits": [[round(x, 6) for x in row] for row in logits.tolist()[::13]],
        "logit_rows": list(range(40))[::13],
    }
json.dump(answers, open("HuggingFace/answers.json", "w"))
print(greedy)
open("HuggingFace/README", "w").write(
    f"torch {torch.__version__}, transformers {transformers.__version__}, "
    f"safetensors {safetensors.__version__}, seed 1, made by ../make_huggingface.py\n")
