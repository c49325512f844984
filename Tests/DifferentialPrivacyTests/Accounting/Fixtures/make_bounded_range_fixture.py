"""Epsilon of T adaptive choices of range eta, by plain dynamic programming on a fine grid.

Between choices the adversary picks t among multiples of h = eta/m, so every curve is one that some
sequence of choices has: a lower bound of the worst, within O(1/m^2). Python 3.11, numpy 2.4.6.

    python make_bounded_range_fixture.py > bounded_range.json
"""
import json
import numpy as np


def curve(eta, count, m):
    h = eta / m
    reach = int(np.ceil((count * eta**2 / 8 + 17 * np.sqrt(count * eta**2 / 8) + 2 * eta) / h))
    reach = min(reach, count * m) + 2 * m
    grid = np.arange(-reach, reach + 1) * h
    delta = np.maximum(-np.expm1(grid), 0)
    t = np.arange(m + 1) * h
    gain = (np.exp(eta) - np.exp(t)) / np.expm1(eta)
    for _ in range(count):
        # Outside the grid: 0 above, 1 - e^eps below.
        low = -np.expm1((np.arange(-reach - m, -reach)) * h)
        wide = np.concatenate([low, delta, np.zeros(m)])
        best = np.zeros_like(delta)
        for j in range(m + 1):
            down = wide[m - j : m - j + delta.size]
            up = wide[2 * m - j : 2 * m - j + delta.size]
            best = np.maximum(best, gain[j] * down + (1 - gain[j]) * up)
        delta = best
    return grid, delta


def epsilon(grid, delta, target):
    above = np.nonzero(delta > target)[0][-1]
    a, b = delta[above], delta[above + 1]
    share = (np.log(a) - np.log(target)) / (np.log(a) - np.log(max(b, 1e-300)))
    return float(grid[above] + share * (grid[above + 1] - grid[above]))


rows = []
for eta, count, m in [(0.2, 64, 256), (0.05, 64, 256), (0.4, 32, 256), (1.5, 4, 512), (3, 3, 512), (0.1, 200, 128)]:
    grid, delta = curve(eta, count, m)
    for target in [1e-3, 1e-6]:
        rows.append([eta, count, target, epsilon(grid, delta, target)])
print(json.dumps({"columns": ["range", "count", "delta", "epsilon"], "rows": rows}))
