"""Opens what CheckpointsTests wrote with h5py, h5dump, h5diff, safetensors and transformers.

Called by ConformanceTests as `python check_with_python.py FOLDER`, where FOLDER holds
`checkpoint.h5` (a run's checkpoint), `safetensors/`, `half/` and `hdf5/` (model folders written from
the weights of HuggingFace/plain) and `expected/` (HuggingFace/). Prints `ok` and exits 0 if all
holds. Tools that are not installed are passed over, and named.
"""
import json
import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np

folder = Path(sys.argv[1])
missing = []


def tensors(path, group="parameters"):
    with h5py.File(path, "r") as f:
        return {name: f[group][name][...] for name in f[group]}


def check_hdf5():
    with h5py.File(folder / "checkpoint.h5", "r") as f:
        assert f.id.get_create_plist().get_version()[0] >= 2, "superblock"
        assert len(f.attrs) == len(list(f.attrs)) == 6, list(f.attrs)
        assert f.attrs["format"] == b"dpscribe-checkpoint", f.attrs["format"]
        assert int(f.attrs["format_version"]) == 1 and int(f.attrs["step"]) == 3
        assert json.loads(f.attrs["configuration"])["model_type"] == "gpt2"
        for group in ("parameters", "first_moment", "second_moment"):
            for name, dataset in f[group].items():
                assert dataset.dtype == np.dtype("<f4") and dataset.chunks is None, name
                assert dataset.compression is None and np.isfinite(dataset[...]).all(), name
    # Copies by libhdf5 itself: one equal, one with a single number changed.
    with h5py.File(folder / "checkpoint.h5", "r") as f:
        for name in ("same.h5", "changed.h5"):
            with h5py.File(folder / name, "w") as copy:
                for key, value in f.attrs.items():
                    copy.attrs.create(key, value, dtype=f.attrs.get_id(key).dtype)
                for group in f:
                    f.copy(group, copy)
    with h5py.File(folder / "changed.h5", "r+") as f:
        f["parameters/ln_f.weight"][0] += 1
    for status, command in (
        (0, ["h5dump", "-H", "checkpoint.h5"]),
        (0, ["h5dump", "-d", "/parameters/ln_f.weight", "checkpoint.h5"]),
        (0, ["h5diff", "checkpoint.h5", "same.h5"]),
        (1, ["h5diff", "checkpoint.h5", "changed.h5"]),
    ):
        if not shutil.which(command[0]):
            missing.append(command[0])
            continue
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert result.returncode == status, (command, result.stdout, result.stderr)


def check_equal(found, expected, tolerance=0.0):
    assert set(found) == set(expected), set(found) ^ set(expected)
    for name, value in expected.items():
        assert np.abs(found[name] - value).max() <= tolerance, name


def check_safetensors():
    from safetensors.numpy import load_file

    expected = load_file(folder / "expected/bare_names/model.safetensors")
    check_equal(load_file(folder / "safetensors/model.safetensors"), expected)
    half = {k: v.astype("<f2") for k, v in expected.items()}
    check_equal(load_file(folder / "half/model.safetensors"), half)
    check_equal(tensors(folder / "hdf5/model.h5"), expected)


def check_transformers():
    try:
        import torch
        from transformers import GPT2LMHeadModel
    except ImportError:
        missing.append("transformers")
        return
    answers = json.loads((folder / "expected/answers.json").read_text())
    reference = GPT2LMHeadModel.from_pretrained(folder / "expected/plain").eval()
    model = GPT2LMHeadModel.from_pretrained(folder / "safetensors").eval()
    with torch.no_grad():
        tokens = torch.tensor([answers["tokens"]])
        difference = (model(tokens).logits - reference(tokens).logits).abs().max()
        assert difference <= 1e-4, difference
        for prompt, expected in zip(answers["prompts"], answers["greedy"]):
            text = model.generate(
                torch.tensor([prompt]), do_sample=False, max_new_tokens=len(expected),
                attention_mask=torch.ones(1, len(prompt), dtype=torch.long), pad_token_id=60)
            assert text[0, len(prompt):].tolist() == expected


check_hdf5()
check_safetensors()
check_transformers()
print("ok", "without " + ", ".join(missing) if missing else "")
