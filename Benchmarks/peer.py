#!/usr/bin/env python3
"""One peer's training step on random tokens, measured as `dpscribe bench train` measures ours.

    peer.py --method plain|compiled|opacus|vmap --config gpt2 --sequence-length 64 --batch-size 32
            [--lora-rank R] [--matmul highest|medium] [--steps K] [--threads N]

Prints {"tokens_per_second", "step_seconds", "peak_rss_bytes", "micro_batch_size"}. The step is
forward, backward, per-example clipping and noise (not `plain`), and AdamW, in single precision;
the median of K steps at the fastest micro-batch of those tried.

plain   a PyTorch model with tied head, gradients accumulated over micro-batches
compiled  the same through torch.compile, which needs a C++ compiler
opacus  Opacus' ghost clipping; it refuses tied weights, so its head has its own
vmap    per-example gradients by torch.func.vmap(grad), clipped and summed, tied head
"""

import argparse
import json
import math
import resource
import statistics
import time

import torch
from torch import nn
from torch.nn import functional

# layers, heads, width, vocabulary, context
PRESETS = {
    "tiny": (4, 4, 128, 2048, 128),
    "mini": (6, 6, 384, 8192, 256),
    "small": (8, 8, 512, 8192, 512),
    "gpt2": (12, 12, 768, 50257, 1024),
}


class AdaptedLinear(nn.Module):
    """A frozen linear layer with a trained addition of low rank, alpha = 2 * rank."""

    def __init__(self, inputs, outputs, rank):
        super().__init__()
        self.frozen = nn.Linear(inputs, outputs)
        self.down = nn.Linear(inputs, rank, bias=False)
        self.up = nn.Linear(rank, outputs, bias=False)
        nn.init.zeros_(self.up.weight)

    def forward(self, x):
        return self.frozen(x) + 2 * self.up(self.down(x))


class Block(nn.Module):
    def __init__(self, width, heads, rank):
        super().__init__()

        def linear(inputs, outputs):
            return AdaptedLinear(inputs, outputs, rank) if rank else nn.Linear(inputs, outputs)

        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention, self.attention_out = linear(width, 3 * width), linear(width, width)
        self.mlp, self.mlp_out = linear(width, 4 * width), linear(4 * width, width)

    def forward(self, x):
        batch, time_steps, width = x.shape
        parts = self.attention(self.norm1(x)).view(batch, time_steps, 3, self.heads, -1)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.attention_out(attended.transpose(1, 2).reshape(batch, time_steps, width))
        return x + self.mlp_out(functional.gelu(self.mlp(self.norm2(x)), approximate="tanh"))


class GPT2(nn.Module):
    def __init__(self, preset, tied, rank):
        super().__init__()
        layers, heads, width, vocabulary, context = PRESETS[preset]
        self.vocabulary = vocabulary
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(context, width)
        self.blocks = nn.ModuleList(Block(width, heads, rank) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.head = None if tied else nn.Linear(width, vocabulary, bias=False)
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1 and ".up." not in name:
                nn.init.normal_(parameter, std=0.02)
            if rank:
                parameter.requires_grad = ".up." in name or ".down." in name

    def forward(self, ids):
        # Repeated, as hooks on the position table need a batch dimension in memory.
        places = torch.arange(ids.shape[1]).repeat(ids.shape[0], 1)
        x = self.tokens(ids) + self.positions(places)
        for block in self.blocks:
            x = block(x)
        x = self.norm(x)
        return self.head(x) if self.head is not None else functional.linear(x, self.tokens.weight)


def next_token_loss(logits, ids):
    return functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())


class Plain:
    def __init__(self, options):
        self.model = GPT2(options.config, True, options.lora_rank)
        trained = [p for p in self.model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(trained, lr=1e-4, fused=True)

    def step(self, ids, micro):
        for part in ids.split(micro):
            loss = next_token_loss(self.model(part[:, :-1]), part)
            (loss * len(part) / len(ids)).backward()
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)


class Compiled(Plain):
    def __init__(self, options):
        super().__init__(options)
        self.model = torch.compile(self.model, dynamic=False)


class OpacusGhost:
    def __init__(self, options):
        from opacus.grad_sample import GradSampleModuleFastGradientClipping
        from opacus.optimizers import DPOptimizerFastGradientClipping
        from opacus.utils.fast_gradient_clipping_utils import DPLossFastGradientClipping

        model = GPT2(options.config, False, options.lora_rank)
        self.model = GradSampleModuleFastGradientClipping(
            model, max_grad_norm=1.0, use_ghost_clipping=True, loss_reduction="mean"
        )
        trained = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = DPOptimizerFastGradientClipping(
            torch.optim.AdamW(trained, lr=1e-4, fused=True),
            noise_multiplier=1.0,
            max_grad_norm=1.0,
            expected_batch_size=options.batch_size,
        )
        self.loss = DPLossFastGradientClipping(
            self.model, self.optimizer, nn.CrossEntropyLoss(), "mean"
        )

    def step(self, ids, micro):
        parts = ids.split(micro)
        for index, part in enumerate(parts):
            logits = self.model(part[:, :-1].contiguous())
            loss = self.loss(logits.flatten(0, 1), part[:, 1:].reshape(-1), shape=logits.shape)
            loss.backward()
            self.optimizer.signal_skip_step(index + 1 < len(parts))
            self.optimizer.step()
            self.optimizer.zero_grad()


class VectorizedGradients:
    def __init__(self, options):
        self.model = GPT2(options.config, True, options.lora_rank)
        self.batch_size = options.batch_size
        named = dict(self.model.named_parameters())
        self.trained = {name: p for name, p in named.items() if p.requires_grad}
        self.frozen = {name: p for name, p in named.items() if not p.requires_grad}
        self.optimizer = torch.optim.AdamW(self.trained.values(), lr=1e-4, fused=True)

        def loss(trained, frozen, ids):
            values = {**trained, **frozen}
            logits = torch.func.functional_call(self.model, values, (ids[None, :-1],))
            return next_token_loss(logits, ids[None])

        self.gradients = torch.func.vmap(torch.func.grad(loss), in_dims=(None, None, 0))

    def step(self, ids, micro):
        sums = {name: torch.zeros_like(p) for name, p in self.trained.items()}
        values = {name: p.detach() for name, p in self.trained.items()}
        for part in ids.split(micro):
            gradients = self.gradients(values, self.frozen, part)
            squares = sum(g.flatten(1).square().sum(1) for g in gradients.values())
            factors = (1 / squares.sqrt()).clamp(max=1)
            for name, gradient in gradients.items():
                sums[name] += torch.einsum("b,b...->...", factors, gradient)
        for name, parameter in self.trained.items():
            parameter.grad = (sums[name] + torch.randn_like(parameter)) / self.batch_size
        self.optimizer.step()


METHODS = {"plain": Plain, "compiled": Compiled, "opacus": OpacusGhost, "vmap": VectorizedGradients}


def seconds(body):
    start = time.perf_counter()
    body()
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--method", choices=METHODS, required=True)
    parser.add_argument("--config", choices=PRESETS, default="mini")
    parser.add_argument("--sequence-length", type=int, default=64)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--lora-rank", type=int, default=0)
    parser.add_argument("--micro-batch-sizes", default="4,8,16,32")
    parser.add_argument("--matmul", choices=["highest", "medium"], default="highest")
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    torch.set_float32_matmul_precision(options.matmul)

    peer = METHODS[options.method](options)
    shape = (options.batch_size, options.sequence_length)
    ids = torch.randint(PRESETS[options.config][3], shape)
    best, best_time = None, math.inf
    for micro in sorted({min(int(m), shape[0]) for m in options.micro_batch_sizes.split(",")}):
        peer.step(ids, micro)
        elapsed = seconds(lambda: peer.step(ids, micro))
        if elapsed < best_time:
            best, best_time = micro, elapsed
        if elapsed > 1.3 * best_time:
            break
    median = statistics.median(seconds(lambda: peer.step(ids, best)) for _ in range(options.steps))
    print(
        json.dumps(
            {
                "tokens_per_second": shape[0] * shape[1] / median,
                "step_seconds": median,
                # The search for a micro-batch counts too; give one size to measure it alone.
                "peak_rss_bytes": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
                "micro_batch_size": best,
            }
        )
    )


if __name__ == "__main__":
    main()
