"""Makes huggingface/: two small GPT-2 folders as transformers and its users leave them.

prefixed/  float16; `transformer.` before every name, attention masks, a separate lm_head that equals
           the embedding; tokenizer.json alone, with an added token that GPT-2's byte alphabet cannot spell
bare/      bfloat16; bare names; vocab.json and merges.txt

Both hold one model, trained for a moment on the sentences below, and expected.json has its greedy
continuations by transformers' generate. Run with torch 2.15.0, transformers 5.23.0, tokenizers 0.23,
safetensors 0.8.0; seed 5, one thread.
"""
import json
import pathlib
import shutil

import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GPT2Config, GPT2LMHeadModel

SENTENCES = [
    "The kettle sings before it boils.",
    "A red boat waits at the end of the pier, and nobody asks whose it is.",
    "Seven geese crossed the road without looking.",
    "In the morning the baker counts loaves; in the evening she counts stars.",
    "Rain fell on the tin roof all night long.",
    "The clock in the hall is slow, yet it is never late for tea.",
]
END, ADDED = "<|endoftext|>", "[NEW LINE]"

torch.set_num_threads(1)
torch.manual_seed(5)
root = pathlib.Path(__file__).parent / "huggingface"
shutil.rmtree(root, ignore_errors=True)

tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.train_from_iterator(
    SENTENCES,
    trainers.BpeTrainer(
        vocab_size=320, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=[END],
        show_progress=False,
    ),
)
tokenizer.add_special_tokens([AddedToken(ADDED, special=True, normalized=False)])
end, size = tokenizer.token_to_id(END), tokenizer.get_vocab_size()

model = GPT2LMHeadModel(
    GPT2Config(
        vocab_size=size, n_positions=64, n_embd=32, n_layer=2, n_head=2, resid_pdrop=0.0,
        embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=end, eos_token_id=end,
    )
)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
records = [torch.tensor([[end] + tokenizer.encode(s).ids + [end]]) for s in SENTENCES]
for _ in range(60):
    for ids in records:
        model(ids, labels=ids).loss.backward()
    optimizer.step()
    optimizer.zero_grad()

names = {k.removeprefix("transformer."): v for k, v in model.state_dict().items() if k != "lm_head.weight"}
folders = {"prefixed": torch.float16, "bare": torch.bfloat16}
expected = {}
for name, kind in folders.items():
    folder = root / name
    folder.mkdir(parents=True)
    tensors = {k: v.to(kind).contiguous() for k, v in names.items()}
    config = model.config.to_dict()
    config.update(architectures=["GPT2LMHeadModel"], dtype=str(kind).removeprefix("torch."))
    (folder / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True))
    if name == "prefixed":
        tensors = {"transformer." + k: v for k, v in tensors.items()}
        for layer in range(2):
            mask = torch.tril(torch.ones(64, 64, dtype=torch.uint8)).view(1, 1, 64, 64)
            tensors[f"transformer.h.{layer}.attn.bias"] = mask
            tensors[f"transformer.h.{layer}.attn.masked_bias"] = torch.tensor(-1e4)
        tensors["lm_head.weight"] = tensors["transformer.wte.weight"].clone()
        tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    else:
        vocabulary = {k: v for k, v in tokenizer.get_vocab().items() if k != ADDED}
        ordered = dict(sorted(vocabulary.items(), key=lambda item: item[1]))
        (folder / "vocab.json").write_text(json.dumps(ordered, ensure_ascii=False))
        merges = json.loads(tokenizer.to_str())["model"]["merges"]
        lines = [" ".join(m) if isinstance(m, list) else m for m in merges]
        (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(lines) + "\n")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    state = {k: v.to(kind).float() for k, v in names.items()}
    reader = GPT2LMHeadModel(model.config).eval()
    reader.transformer.load_state_dict(state)
    answers = {}
    for prompt in ["The", "In the", "A red", "Seven geese", "Rain"]:
        ids = torch.tensor([[end] + tokenizer.encode(prompt).ids])
        with torch.no_grad():
            out = reader.generate(
                ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=24,
                pad_token_id=end,
            )
        new = [t for t in out[0, ids.shape[1]:].tolist() if t != end]
        answers[prompt] = tokenizer.decode(new)
    expected[name] = answers
(root / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
print(json.dumps(expected, indent=1))
