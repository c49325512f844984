#!/usr/bin/env python3
"""Alternates `dpscribe bench train` with its peers and prints medians and ratios as a table.

    compare.py --dpscribe BINARY --python PYTHON [--cases gpt2:64,mini:128,tiny:64,gpt2:64:lora8]
               [--rounds 3] [--steps 3] [--matmul highest,medium] [--json FILE]

Runs alternate, so that a machine that gets slower slows all down alike. Every peer runs at both
matrix-multiply settings of PyTorch unless told otherwise, and the faster one counts. Memory is that
of a run of its own at the peer's best micro-batch.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time

PLAIN = ["plain", "compiled"]
PRIVATE = ["opacus", "vmap"]
METHODS = PLAIN + PRIVATE


def clean_environment():
    """The environment without settings that would favour or hinder anyone's BLAS."""
    hidden = {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"}
    return {name: value for name, value in os.environ.items() if name not in hidden}


def run(command):
    """The JSON object that a command prints, or None with its last line on standard error."""
    done = subprocess.run(command, capture_output=True, text=True, env=clean_environment())
    if done.returncode == 0:
        return json.loads(done.stdout.strip().splitlines()[-1])
    reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
    print(f"  {' '.join(command[1:6])} failed ({done.returncode}): {reason}", file=sys.stderr)
    return None


class Case:
    """A model, a sequence length, and a LoRA rank or 0."""

    def __init__(self, text):
        parts = text.split(":")
        self.name = text
        self.config, self.length = parts[0], int(parts[1])
        self.rank = int(parts[2].removeprefix("lora")) if len(parts) > 2 else 0

    def arguments(self, options):
        result = ["--config", self.config, "--sequence-length", str(self.length)]
        result += ["--batch-size", str(options.batch_size), "--steps", str(options.steps)]
        return result + (["--lora-rank", str(self.rank)] if self.rank else [])

    def commands(self, options):
        """Each contestant's name and command."""
        bench = [options.dpscribe, "bench", "train", "--json", *self.arguments(options)]
        result = {
            "dpscribe": bench + ["--clipping", "ghost"],
            "dpscribe, no privacy": bench + ["--clipping", "none"],
        }
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "peer.py")
        for method in options.methods.split(","):
            # Per-example gradients of 124 M parameters do not fit a workstation.
            if method == "vmap" and self.config == "gpt2" and not self.rank:
                continue
            for matmul in options.matmul.split(","):
                result[f"{method} {matmul}"] = [
                    options.python, script, "--method", method, "--matmul", matmul,
                    *self.arguments(options),
                ]
                if options.micro_batch_sizes:
                    sizes = ["--micro-batch-sizes", options.micro_batch_sizes]
                    result[f"{method} {matmul}"] += sizes
        return result


def measure(case, options):
    """Medians of each contestant: tokens per second, peak memory, and further figures of ours."""
    commands = case.commands(options)
    found = {name: [] for name in commands}
    for number in range(options.rounds):
        for name, command in commands.items():
            print(f"{case.name} round {number + 1}/{options.rounds}: {name}", file=sys.stderr)
            result = run(command)
            if result is None:
                continue
            found[name].append(result)
            # The best micro-batch is known now, and is not searched for again.
            if "micro_batch_size" in result and number == 0:
                command += ["--micro-batch-sizes", str(result["micro_batch_size"])]
    keys = ["tokens_per_second", "gemm_gflops", "model_gflops"]
    medians = {}
    for name, results in found.items():
        if not results:
            continue
        medians[name] = {
            key: statistics.median(r[key] for r in results) for key in keys if key in results[0]
        }
        medians[name]["peak_rss_bytes"] = min(r["peak_rss_bytes"] for r in results)
    return medians


def heading():
    """What the figures depend on beside the contestants."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    load = os.getloadavg()[0]
    date = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    return f"{date} UTC, {len(names)} × {names[0] if names else 'unknown'}, load before: {load:.1f}"


def fastest(medians, methods):
    """The name of the fastest contestant of some methods, or None."""
    names = [name for name in medians if name.split(" ")[0] in methods]
    return max(names, key=lambda name: medians[name]["tokens_per_second"], default=None)


def table(case, medians):
    """Lines of a Markdown table."""
    ours = medians.get("dpscribe")
    lines = [f"\n### {case.name}\n", "| | tokens/s | GB | ours / theirs |", "|---|---|---|---|"]
    for name, values in medians.items():
        speed = values["tokens_per_second"]
        ratio = f"{ours['tokens_per_second'] / speed:.2f}" if ours else "–"
        gigabytes = values["peak_rss_bytes"] / 1e9
        lines.append(f"| {name} | {speed:,.0f} | {gigabytes:.2f} | {ratio} |")
    if not ours:
        return lines
    lines.append("")
    share = ours["model_gflops"] / ours["gemm_gflops"]
    lines.append(f"share of the matrix-product ceiling: {100 * share:.0f} %")
    own = medians.get("dpscribe, no privacy")
    if own:
        cost = own["tokens_per_second"] / ours["tokens_per_second"]
        lines.append(f"private step / own non-private step: {cost:.2f}")
    for title, methods in [("private peer", PRIVATE), ("non-private peer", PLAIN)]:
        name = fastest(medians, methods)
        if name:
            ratio = ours["tokens_per_second"] / medians[name]["tokens_per_second"]
            lines.append(f"against the fastest {title} ({name}): {ratio:.2f} times as fast")
    private = [v["peak_rss_bytes"] for n, v in medians.items() if n.split(" ")[0] in PRIVATE]
    if private:
        ratio = ours["peak_rss_bytes"] / min(private)
        lines.append(f"memory against the leanest private peer: {ratio:.2f}")
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dpscribe", required=True)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--cases", default="gpt2:64,gpt2:256,mini:128,tiny:64,gpt2:64:lora8")
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--methods", default=",".join(METHODS), help="peers to run")
    parser.add_argument("--matmul", default="highest,medium", help="PyTorch's settings to try")
    parser.add_argument("--micro-batch-sizes", help="sizes that peers try, such as 8,16")
    parser.add_argument("--json", help="file for all medians")
    options = parser.parse_args()
    print(heading())
    everything = {}
    for case in map(Case, options.cases.split(",")):
        everything[case.name] = measure(case, options)
        print("\n".join(table(case, everything[case.name])), flush=True)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(everything, file, indent=2)


if __name__ == "__main__":
    main()
