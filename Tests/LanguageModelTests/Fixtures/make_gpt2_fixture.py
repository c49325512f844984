"""Writes gpt2_reference.json: logits, losses, gradients and per-example norms of a random GPT-2.

Made with torch 2.15.0+cu132 and transformers 5.23.0, seed 7; run as
    python make_gpt2_fixture.py gpt2_reference.json
Weights are not stored: both sides derive them from the formula in `weight`, exact in float32.
"""

import json
import sys

import torch
import transformers

torch.manual_seed(7)
CONFIG = dict(vocab_size=97, n_positions=32, n_embd=32, n_layer=2, n_head=4)
RECORDS = [[5, 17, 96, 3, 3, 42, 8, 0, 61, 5, 5, 23], [1, 2], [11, 11, 11, 11, 11, 11, 30]]


def weight(index: int, name: str) -> float:
    """A hash of the flat index as a multiple of 2^-18 in [-0.25, 0.25), plus 1 for norm scales."""
    bits = (index * 2654435761 + 12345) % 2**32
    bits = ((bits ^ (bits >> 15)) * 2246822519) % 2**32
    value = ((bits >> 15) - 65536) / 2.0**18
    return value + (1.0 if "ln_" in name and name.endswith("weight") else 0.0)


def names(layers: int) -> list[str]:
    blocks = ["ln_1", "attn.c_attn", "attn.c_proj", "ln_2", "mlp.c_fc", "mlp.c_proj"]
    result = ["wte.weight", "wpe.weight"]
    for layer in range(layers):
        result += [f"h.{layer}.{b}.{k}" for b in blocks for k in ("weight", "bias")]
    return result + ["ln_f.weight", "ln_f.bias"]


model = transformers.GPT2LMHeadModel(transformers.GPT2Config(**CONFIG)).eval()
parameters = dict(model.transformer.named_parameters())
index = 0
for name in names(CONFIG["n_layer"]):
    tensor = parameters[name].data
    flat = [weight(index + i, name) for i in range(tensor.numel())]
    tensor.copy_(torch.tensor(flat, dtype=torch.float32).reshape(tensor.shape))
    index += tensor.numel()

logits, losses, norms, total = [], [], [], {}
for record in RECORDS:
    model.zero_grad()
    ids = torch.tensor([record])
    output = model(ids, labels=ids)
    output.loss.backward()
    losses.append(output.loss.item())
    logits.append(output.logits[0, :-1].flatten().tolist())
    squares = 0.0
    for name in names(CONFIG["n_layer"]):
        gradient = parameters[name].grad.double()
        squares += gradient.square().sum().item()
        total[name] = total.get(name, 0) + gradient
    norms.append(squares**0.5)

# Every 23rd element of each summed gradient keeps the file small; norms cover the rest.
gradients = {k: [float(f"{x:.8g}") for x in v.flatten()[::23].tolist()] for k, v in total.items()}
json.dump(
    {
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "records": RECORDS,
        "losses": losses,
        "norms": norms,
        "logits": [[float(f"{x:.7g}") for x in row] for row in logits],
        "gradientStride": 23,
        "gradients": gradients,
        "largest": {k: v.abs().max().item() for k, v in total.items()},
    },
    open(sys.argv[1], "w"),
)
