"""Writes gguf_blocks.json, random blocks and their values, and tiny_llama.gguf with tiny_llama.json.

Made with gguf 0.19.0, torch 2.15.0+cu132 and transformers 5.24.0; run as
    python make_gguf_fixtures.py FOLDER
The model's queries and keys are put into llama.cpp's order as its converter does.
"""

import json
import sys

import gguf
import numpy as np
import torch
import transformers

TYPES = ["F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"]
folder = sys.argv[1]
generator = np.random.default_rng(3)

blocks = {}
for name in TYPES:
    kind = gguf.GGMLQuantizationType[name]
    length, size = gguf.GGML_QUANT_SIZES[kind]
    count = 2 if length > 1 else 40
    data = generator.integers(0, 256, size=(1, count * size), dtype=np.uint8)
    # Scales that are finite: no half-precision number with all exponent bits.
    places = {"Q6_K": [208]}.get(name, [0, 2] if name in ("Q4_1", "Q5_1", "Q4_K", "Q5_K") else [0])
    if length == 1:
        data[0, 1::2] &= 0x3F
    for block in range(count if length > 1 else 0):
        for place in places:
            data[0, block * size + place + 1] = data[0, block * size + place + 1] & 0x80 | 0x2A
    values = gguf.dequantize(data, kind).astype(np.float32).flatten()
    blocks[name] = {"bytes": data.tobytes().hex(), "values": values.tobytes().hex()}
with open(f"{folder}/gguf_blocks.json", "w") as file:
    json.dump(blocks, file)

torch.manual_seed(5)
config = transformers.LlamaConfig(
    vocab_size=260,
    hidden_size=16,
    intermediate_size=24,
    num_hidden_layers=1,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=4,
    max_position_embeddings=32,
    rms_norm_eps=1e-5,
    tie_word_embeddings=True,
    rope_parameters=dict(rope_type="default", rope_theta=1000.0),
    initializer_range=0.3,
)
model = transformers.LlamaForCausalLM(config).eval()


def permuted(weights: np.ndarray, heads: int) -> np.ndarray:
    halves = weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:])
    return halves.swapaxes(1, 2).reshape(weights.shape)


NAMES = {
    "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
alphabet = list(range(0x21, 0x7F)) + list(range(0xA1, 0xAD)) + list(range(0xAE, 0x100))
rest = [b for b in range(256) if b not in alphabet]
spelling = {b: chr(b) for b in alphabet} | {b: chr(256 + i) for i, b in enumerate(rest)}
writer = gguf.GGUFWriter(f"{folder}/tiny_llama.gguf", "llama")
writer.add_block_count(1)
writer.add_context_length(32)
writer.add_embedding_length(16)
writer.add_feed_forward_length(24)
writer.add_head_count(4)
writer.add_head_count_kv(2)
writer.add_key_length(4)
writer.add_layer_norm_rms_eps(1e-5)
writer.add_rope_freq_base(1000.0)
writer.add_tokenizer_model("gpt2")
writer.add_tokenizer_pre("smollm")
writer.add_token_list(["<|a|>", "<|z|>"] + [spelling[b] for b in range(256)] + ["ab", "abc"])
writer.add_token_types([3, 3] + [1] * 258)
writer.add_token_merges(["a b", "ab c"])
writer.add_bos_token_id(0)
writer.add_eos_token_id(1)
for name, tensor in model.named_parameters():
    values = tensor.detach().numpy()
    if name == "model.embed_tokens.weight":
        name = "token_embd.weight"
    elif name == "model.norm.weight":
        name = "output_norm.weight"
    else:
        part = name.removeprefix("model.layers.0.").removesuffix(".weight")
        if NAMES[part] in ("attn_q", "attn_k"):
            values = permuted(values, 4 if NAMES[part] == "attn_q" else 2)
        name = f"blk.0.{NAMES[part]}.weight"
    writer.add_tensor(name, np.ascontiguousarray(values))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()

tokens = [0, 99, 100, 258, 7, 33]
with torch.no_grad():
    logits = model(torch.tensor([tokens])).logits[0]
with open(f"{folder}/tiny_llama.json", "w") as file:
    json.dump({"tokens": tokens, "logits": [float(f"{x:.7g}") for x in logits.flatten().tolist()]}, file)
