"""Writes one good and many hostile checkpoints into HostileHDF5/.

Made with Python 3.11, h5py 3.16.0 (HDF5 2.0.0), numpy 2.4.6; no randomness. Run in this folder.
Every file follows the documented schema of checkpoints except for the one thing in its name.
"""
import json
import os
import struct

import h5py
import numpy as np

V, T, D = 5, 4, 4
CONFIG = {
    "model_type": "gpt2", "vocab_size": V, "n_positions": T, "n_embd": D, "n_layer": 1,
    "n_head": 1, "layer_norm_epsilon": 1e-5, "activation_function": "gelu_new",
}
SHAPES = {
    "wte.weight": (V, D), "wpe.weight": (T, D),
    "h.0.ln_1.weight": (D,), "h.0.ln_1.bias": (D,),
    "h.0.attn.c_attn.weight": (D, 3 * D), "h.0.attn.c_attn.bias": (3 * D,),
    "h.0.attn.c_proj.weight": (D, D), "h.0.attn.c_proj.bias": (D,),
    "h.0.ln_2.weight": (D,), "h.0.ln_2.bias": (D,),
    "h.0.mlp.c_fc.weight": (D, 4 * D), "h.0.mlp.c_fc.bias": (4 * D,),
    "h.0.mlp.c_proj.weight": (4 * D, D), "h.0.mlp.c_proj.bias": (D,),
    "ln_f.weight": (D,), "ln_f.bias": (D,),
}
VICTIM = "parameters/ln_f.bias"


def text(value):
    return np.bytes_(value.encode())


def good(path, skip=(), libver=("v108", "v108"), step=7, **options):
    f = h5py.File(path, "w", libver=libver, **options)
    f.attrs.create("format", text("dpscribe-checkpoint"))
    f.attrs.create("format_version", np.int64(1))
    f.attrs.create("product_version", text("0"))
    f.attrs.create("step", np.int64(step))
    f.attrs.create("configuration", text(json.dumps(CONFIG)))
    f.attrs.create("state", text("{}"))
    g = f.create_group("parameters")
    for index, (name, shape) in enumerate(SHAPES.items()):
        if "parameters/" + name not in skip:
            g.create_dataset(name, data=np.full(shape, index, "<f4"))
    return f


def hostile(name, change, skip=(VICTIM,), **options):
    with good(f"HostileHDF5/{name}.h5", skip, **options) as f:
        change(f)


def patch(name, offset, data):
    path = f"HostileHDF5/{name}.h5"
    good(path).close()
    with open(path, "r+b") as f:
        f.seek(offset)
        f.write(data)


zeros = np.zeros(D, "<f4")
os.makedirs("HostileHDF5", exist_ok=True)
good("HostileHDF5/good.h5").close()
good("HostileHDF5/superblock_0.h5", libver=("earliest", "v108")).close()
good("HostileHDF5/user_block.h5", userblock_size=512).close()
hostile("external_storage", lambda f: f.create_dataset(
    VICTIM, (D,), "<f4", external=[("/etc/passwd", 0, 4 * D)]))


def virtual(f):
    layout = h5py.VirtualLayout((D,), "<f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (D,))
    f.create_virtual_dataset(VICTIM, layout)


hostile("virtual_dataset", virtual, libver=("v108", "latest"))
hostile("soft_link", lambda f: f.__setitem__(VICTIM, h5py.SoftLink("/parameters/ln_f.weight")))
hostile("external_link", lambda f: f.__setitem__(VICTIM, h5py.ExternalLink("/etc/passwd", "/x")))
hostile("two_hard_links", lambda f: f.__setitem__(VICTIM, f["parameters/ln_f.weight"]))
hostile("cycle", lambda f: f.__setitem__("parameters/loop", f["/"]), ())
hostile("chunked", lambda f: f.create_dataset(VICTIM, data=zeros, chunks=(2,)))
hostile("gzip_filter", lambda f: f.create_dataset(
    VICTIM, data=zeros, chunks=(2,), compression="gzip"))


def compact(f):
    properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    properties.set_layout(h5py.h5d.COMPACT)
    space = h5py.h5s.create_simple((D,))
    h5py.h5d.create(f.id, VICTIM.encode(), h5py.h5t.IEEE_F32LE, space, properties)


hostile("compact", compact)
hostile("float64", lambda f: f.create_dataset(VICTIM, data=zeros.astype("<f8")))
hostile("big_endian", lambda f: f.create_dataset(VICTIM, data=zeros.astype(">f4")))
hostile("compound", lambda f: f.create_dataset(
    VICTIM, data=np.zeros(D, [("a", "<f4"), ("b", "<i4")])))
hostile("variable_length", lambda f: f.create_dataset(VICTIM, (D,), h5py.vlen_dtype("<f4")))
hostile("reference", lambda f: f.create_dataset(VICTIM, (D,), h5py.ref_dtype))


def named_type(f):
    f["parameters/kind"] = np.dtype("<f4")
    f.create_dataset(VICTIM, (D,), f["parameters/kind"])


hostile("named_type", named_type)
hostile("unknown_dataset", lambda f: f.create_dataset("parameters/extra", data=zeros), ())
hostile("unknown_group", lambda f: f.create_group("cuckoo").create_dataset("x", data=zeros), ())
hostile("nested_group", lambda f: f.create_group("parameters/deep").create_group("deeper"), ())
hostile("missing_dataset", lambda f: None)
hostile("wrong_shape", lambda f: f.create_dataset(VICTIM, data=np.zeros((D, 1), "<f4")))
hostile("scalar", lambda f: f.create_dataset(VICTIM, data=np.float32(0)))
hostile("shape_bomb", lambda f: f.create_dataset(VICTIM, (2**40, 2**20), "<f4"))
hostile("dataset_attribute", lambda f: f["parameters/wte.weight"].attrs.create("a", 1), ())
hostile("variable_text_attribute", lambda f: f.attrs.__setitem__("state", "{}"), ())
hostile("array_attribute", lambda f: f.attrs.__setitem__("step", np.zeros(9, "<i8")), ())
hostile("extra_attribute", lambda f: f.attrs.__setitem__("pickle", np.int64(1)), ())
hostile("negative_step", lambda f: None, (), step=-1)
hostile("terminal_name", lambda f: f.create_dataset("parameters/\x1b[2J", data=zeros), ())
patch("writer_flags", 11, b"\x01")
patch("end_address", 28, struct.pack("<Q", 1 << 40))
patch("corrupt_root", 36, struct.pack("<Q", 60))
