"""Makes rdp_quadrature.json: the Renyi divergence of one step of the Poisson-subsampled Gaussian.

For 500 random (q, sigma, alpha) the integral E[(1 + u)^alpha - 1 - alpha*u], u = q*(exp((2x-1)/(2 sigma^2)) - 1),
x ~ N(0, sigma^2), is summed by the trapezoid rule with 60 working digits, and again with 1.37 times the step;
the two must agree within 1e-30. Run: python make_rdp_fixture.py (mpmath 1.3 or later; seed below).
"""

import json
import random

import mpmath as mp

SEED, COUNT = 20261121, 500
mp.mp.dps = 60


def excess(q, sigma, alpha, factor):
    """Integral of (1+u)^alpha - 1 - alpha*u over the density of x, in units of t = x / sigma."""
    # Step: the density allows about 0.5; the branch point of (1+u)^alpha lies pi*sigma off the axis.
    step = mp.mpf(factor) * min(mp.mpf("0.30"), mp.mpf("0.20") * sigma)
    reach = 17
    low, high = -reach, alpha / sigma + reach
    total = mp.mpf(0)
    for k in range(int(mp.floor(low / step)), int(mp.ceil(high / step)) + 1):
        t = k * step
        u = q * mp.expm1((2 * t * sigma - 1) / (2 * sigma * sigma))
        total += ((1 + u) ** alpha - 1 - alpha * u) * mp.exp(-t * t / 2)
    return total * step / mp.sqrt(2 * mp.pi)


def row(generator):
    q = 10 ** generator.uniform(-5, 0) * generator.choice([1, 1, 0.9])
    sigma = 10 ** generator.uniform(-0.5, 1.3)
    kind = generator.randrange(4)
    if kind == 0:
        alpha = 1 + round(10 ** generator.uniform(-2, 0), 2)
    elif kind == 1:
        alpha = round(generator.uniform(1.1, 10.9), 1)
    elif kind == 2:
        alpha = float(generator.randrange(2, 257))
    else:
        alpha = round(generator.uniform(2, 64), 3)
    q, sigma = float(f"{q:.6g}"), float(f"{sigma:.6g}")
    if alpha <= 1:
        alpha = 1.01
    args = [mp.mpf(v) for v in (q, sigma, alpha)]
    first, second = excess(*args, 1), excess(*args, 0.73)
    assert abs(first / second - 1) < mp.mpf(10) ** -30, (q, sigma, alpha, first / second - 1)
    rdp = mp.log1p(first) / (args[2] - 1)
    return [q, sigma, alpha, mp.nstr(rdp, 20)]


if __name__ == "__main__":
    generator = random.Random(SEED)
    rows = [row(generator) for _ in range(COUNT)]
    with open("rdp_quadrature.json", "w") as file:
        json.dump({"tool": f"mpmath {mp.__version__}", "seed": SEED, "columns": "q, sigma, alpha, rdp",
                   "rows": rows}, file, indent=0)
        file.write("\n")
