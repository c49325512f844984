"""Writes NAME_reference.json for Llama, Qwen2 and Qwen3: logits, losses, gradients and norms.

Made with torch 2.15.0+cu132 and transformers 5.24.0; run as
    python make_family_fixtures.py FOLDER
Weights are not stored: both sides derive them from the formula in `weight`, exact in float32, over the
tensors in the order of `names`, each in the order of its file.
"""

import json
import sys

import torch
import transformers

SHAPE = dict(
    vocab_size=61,
    hidden_size=24,
    intermediate_size=40,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=32,
    rms_norm_eps=1e-5,
)
LLAMA3 = dict(
    rope_type="llama3",
    rope_theta=500.0,
    factor=8.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=16,
)
DEFAULT = dict(rope_type="default", rope_theta=1000.0)
MODELS = {
    "llama": transformers.LlamaConfig(
        **SHAPE, head_dim=6, tie_word_embeddings=False, rope_parameters=LLAMA3
    ),
    "qwen2": transformers.Qwen2Config(**SHAPE, tie_word_embeddings=True, rope_parameters=DEFAULT),
    "qwen3": transformers.Qwen3Config(
        **SHAPE, head_dim=10, tie_word_embeddings=True, rope_parameters=DEFAULT
    ),
}
RECORDS = [[5, 17, 60, 3, 3, 42, 8, 0], [1, 2], [11, 11, 11, 30]]
STRIDE = 7


def weight(index: int, is_scale: bool) -> float:
    """A hash of the flat index as a multiple of 2^-18 in [-0.25, 0.25), plus 1 for norm scales."""
    bits = (index * 2654435761 + 12345) % 2**32
    bits = ((bits ^ (bits >> 15)) * 2246822519) % 2**32
    return ((bits >> 15) - 65536) / 2.0**18 + (1.0 if is_scale else 0.0)


def names(model: torch.nn.Module) -> list[str]:
    present = dict(model.named_parameters())
    block = ["input_layernorm.weight"]
    block += [f"self_attn.{p}_proj.weight" for p in "qkv"]
    block += [f"self_attn.{p}_proj.bias" for p in "qkv"]
    block += ["self_attn.q_norm.weight", "self_attn.k_norm.weight", "self_attn.o_proj.weight"]
    block += ["post_attention_layernorm.weight"]
    block += [f"mlp.{p}_proj.weight" for p in ("gate", "up", "down")]
    result = ["model.embed_tokens.weight"]
    for layer in range(SHAPE["num_hidden_layers"]):
        result += [f"model.layers.{layer}.{name}" for name in block]
    result += ["model.norm.weight", "lm_head.weight"]
    return [name for name in result if name in present]


def rounded(values: torch.Tensor, digits: int) -> list[float]:
    return [float(f"{x:.{digits}g}") for x in values.flatten().tolist()]


for family, config in MODELS.items():
    model = transformers.AutoModelForCausalLM.from_config(config).eval()
    parameters = dict(model.named_parameters())
    assert len(parameters) == len(names(model))
    index = 0
    for name in names(model):
        tensor = parameters[name].data
        flat = [weight(index + i, "norm" in name) for i in range(tensor.numel())]
        tensor.copy_(torch.tensor(flat, dtype=torch.float32).reshape(tensor.shape))
        index += tensor.numel()
    logits, losses, norms, total = [], [], [], {}
    for record in RECORDS:
        model.zero_grad()
        ids = torch.tensor([record])
        output = model(ids, labels=ids)
        output.loss.backward()
        losses.append(output.loss.item())
        logits.append(rounded(output.logits[0, :-1], 7))
        squares = 0.0
        for name in names(model):
            gradient = parameters[name].grad.double()
            squares += gradient.square().sum().item()
            total[name] = total.get(name, 0) + gradient
        norms.append(squares**0.5)
    with open(f"{sys.argv[1]}/{family}_reference.json", "w") as file:
        json.dump(
            {
                "torch": torch.__version__,
                "transformers": transformers.__version__,
                "config": json.loads(config.to_json_string(use_diff=False)),
                "records": RECORDS,
                "losses": losses,
                "norms": norms,
                "logits": logits,
                "gradientStride": STRIDE,
                # Every 7th element of each summed gradient keeps the file small; norms cover the rest.
                "gradients": {k: rounded(v.flatten()[::STRIDE], 8) for k, v in total.items()},
                "largest": {k: v.abs().max().item() for k, v in total.items()},
            },
            file,
        )
