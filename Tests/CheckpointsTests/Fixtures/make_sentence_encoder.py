"""Makes sentence-encoder/: a tiny random BERT, texts, their token ids and embeddings.

Run with torch 2.15.0, transformers 5.23.0, safetensors 0.8.0; seed 20. Ids come from
BertTokenizerFast (uncased), embeddings are the mean of BertModel's last hidden states over all
tokens, scaled to norm 1, as sentence-transformers computes them.
"""
import json
import pathlib
import sys

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel, BertTokenizerFast

folder = pathlib.Path(__file__).parent / "sentence-encoder"
folder.mkdir(exist_ok=True)
letters = "abcdefghijklmnopqrstuvwxyz0123456789"
words = "the quick brown fox jump over lazy dog play running un able ing ed naive cafe".split()
marks = list("!\"#$%&'()*+,-./:;<=>?@[]^_{|}~") + ["中", "文", "«", "»", "…", "ß", "ø", "–"]
pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + list(letters) + marks + words
pieces += ["##" + piece for piece in list(letters) + ["ing", "ed", "s", "able"]]
vocabulary = list(dict.fromkeys(pieces))
(folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")

torch.manual_seed(20)
config = BertConfig(
    vocab_size=len(vocabulary), hidden_size=24, num_hidden_layers=2, num_attention_heads=3,
    intermediate_size=40, max_position_embeddings=32, layer_norm_eps=1e-12)
model = BertModel(config).eval()
with torch.no_grad():
    # Larger than the usual 0.02, so that every part of the network matters to the result.
    for name, parameter in model.named_parameters():
        parameter += 0.3 * torch.randn(parameter.shape)
save_file(
    {name: tensor.contiguous() for name, tensor in model.state_dict().items()},
    folder / "model.safetensors")
keys = ["vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "hidden_act",
        "intermediate_size", "max_position_embeddings", "type_vocab_size", "layer_norm_eps",
        "model_type"]
(folder / "config.json").write_text(json.dumps({key: getattr(config, key) for key in keys}, indent=1))
(folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 24}))

texts = [
    "The quick brown fox jumps over the lazy dog.", "", " ", "a", "Naïve CAFÉ, naïve café!",
    "unable playing running", "中文abc中 文", "tab\tnew\nline\r\nend", "zero\u0000width\u200bjoin",
    "«quoted» … – dash", "ß ø Ø ẞ İ ı Σ ς ﬁ Å", "x" * 101 + " y", "x" * 100, "hello@example.com #1",
    "a b c d e f g h i j k l m n o p q r s t u v w x y z", "\u00a0nbsp\u3000wide", "don't stop",
    "emoji 😀 \U0001F600", "\ufffd replaced", "combining e\u0301 a\u030a", "한국어 テスト ไทย",
]
tokenizer = BertTokenizerFast(vocab=str(folder / "vocab.txt"), do_lower_case=True)


def cases(tokenizer, model, texts, length):
    for text in texts:
        ids = tokenizer(text, truncation=True, max_length=length)["input_ids"]
        with torch.no_grad():
            mean = model(torch.tensor([ids])).last_hidden_state[0].mean(0)
        yield {"text": text, "ids": ids, "vector": (mean / mean.norm()).tolist()}


(folder / "cases.json").write_text(json.dumps(list(cases(tokenizer, model, texts, 24))))
if len(sys.argv) == 3:
    # MODEL_FOLDER TEXTS: writes cases.json of a real encoder beside its weights.
    real = pathlib.Path(sys.argv[1])
    lines = pathlib.Path(sys.argv[2]).read_text(encoding="utf-8").splitlines()
    tokenizer = BertTokenizerFast(vocab=str(real / "vocab.txt"), do_lower_case=True)
    found = cases(tokenizer, BertModel.from_pretrained(real).eval(), lines, 256)
    (real / "cases.json").write_text(json.dumps(list(found)))
