"""Makes group_epsilons.json: bounds of epsilon for k units of the Poisson-subsampled Gaussian.

A step is the mixture of N(j, σ²) with the weights of Bin(k, q), j = 0…k, against N(0, σ²). One step: its
privacy curve is a sum of normal tails, solved by mpmath at 40 digits, both directions; lower = upper.
Several steps: dp-accounting's from_mixture_gaussian_mechanism, composed with itself; lower:
pessimistic_estimate=False, upper: True. Columns: q, sigma, steps, delta, k, lower, upper.
Run: python make_group_fixture.py [--check]   (dp-accounting 0.6.0, mpmath 1.4.1; no randomness)
The cases are read back from the file itself; --check computes them again and compares. About 10 minutes.
"""

import json
import math
import sys

FILE = "group_epsilons.json"


def weights(q, size):
    return [math.comb(size, j) * q**j * (1 - q) ** (size - j) for j in range(size + 1)]


def exact(q, sigma, delta, size):
    import mpmath as mp

    mp.mp.dps = 40
    q, sigma, delta = mp.mpf(q), mp.mpf(sigma), mp.mpf(delta)
    chances = [mp.binomial(size, j) * q**j * (1 - q) ** (size - j) for j in range(size + 1)]

    def loss(x):
        return mp.log(sum(c * mp.exp((2 * j * x - j * j) / (2 * sigma**2)) for j, c in enumerate(chances)))

    def upper(x, j):
        return mp.erfc((x - j) / (sigma * mp.sqrt(2))) / 2

    def place(value):
        low, high = mp.mpf(-500), mp.mpf(500)
        while high - low > mp.mpf(10) ** -30:
            middle = (low + high) / 2
            low, high = (middle, high) if loss(middle) < value else (low, middle)
        return low

    def curve(epsilon):
        x = place(epsilon)
        leaving = sum(c * upper(x, j) for j, c in enumerate(chances)) - mp.exp(epsilon) * upper(x, 0)
        if -epsilon <= loss(mp.mpf(-500)):
            return leaving
        x = place(-epsilon)
        entering = (1 - upper(x, 0)) - mp.exp(epsilon) * sum(c * (1 - upper(x, j)) for j, c in enumerate(chances))
        return max(leaving, entering)

    low, high = mp.mpf(0), mp.mpf(1000)
    if curve(low) <= delta:
        return 0.0
    while high - low > mp.mpf(10) ** -12:
        middle = (low + high) / 2
        low, high = (middle, high) if curve(middle) > delta else (low, middle)
    return float(high)


def bound(q, sigma, steps, delta, size, pessimistic):
    if steps == 1:
        return exact(q, sigma, delta, size)
    from dp_accounting.pld import privacy_loss_distribution as pld

    # About 20,000 points over the losses of one step, which reach (k + 6σ)·k/σ².
    interval = max(1e-4, (size / sigma) ** 2 / 20_000)
    one = pld.from_mixture_gaussian_mechanism(
        sigma, list(range(size + 1)), weights(q, size), value_discretization_interval=interval,
        pessimistic_estimate=pessimistic, use_connect_dots=pessimistic)
    return one.self_compose(steps).get_epsilon_for_delta(delta)


if __name__ == "__main__":
    with open(FILE) as file:
        table = json.load(file)
    for row in table["rows"]:
        if len(sys.argv) < 2 and len(row) == 7:
            continue
        values = [bound(*row[:5], pessimistic) for pessimistic in (False, True)]
        if sys.argv[1:2] == ["--check"]:
            assert all(abs(a - b) <= 1e-6 * (1 + b) for a, b in zip(values, row[5:])), (row, values)
        row[5:] = values
        print(row, flush=True)
    if sys.argv[1:2] != ["--check"]:
        with open(FILE, "w") as file:
            file.write('{"tool": %s, "columns": %s,\n"rows": [\n' % (json.dumps(table["tool"]), json.dumps(table["columns"])))
            file.write(",\n".join(json.dumps(row) for row in table["rows"]) + "\n]}\n")
    print(len(table["rows"]), "rows")
