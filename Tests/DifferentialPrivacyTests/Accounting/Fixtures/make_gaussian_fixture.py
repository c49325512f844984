"""Makes gaussian_curve.json: ln delta(epsilon) of a Gaussian with mean shift mu, by mpmath with 50 digits and more.

delta = Phi(-e/mu + mu/2) - exp(e) Phi(-e/mu - mu/2). Run: python make_gaussian_fixture.py (mpmath 1.3, no randomness)
"""

import json

import mpmath as mp

mp.mp.dps = 50


def upper(t):
    return mp.erfc(t / mp.sqrt(2)) / 2


rows = []
for mu in ["0.0001", "0.01", "0.049", "0.051", "0.3", "1", "3", "10", "100"]:
    for share in ["0", "0.3", "0.5", "1", "2", "5", "9"]:
        m = mp.mpf(mu)
        epsilon = m * m / 2 + (mp.mpf(share) - 1) * m
        if epsilon < 0:
            continue
        e = mp.mpf(float(epsilon))
        m = mp.mpf(float(m))
        delta = upper(e / m - m / 2) - mp.exp(e) * upper(e / m + m / 2)
        rows.append([float(m), float(e), float(mp.log(delta))])
with open("gaussian_curve.json", "w") as file:
    json.dump({"tool": f"mpmath {mp.__version__}", "columns": "mu, epsilon, ln delta", "rows": rows}, file, indent=0)
    file.write("\n")
