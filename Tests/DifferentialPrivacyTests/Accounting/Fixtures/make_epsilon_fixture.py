"""Makes reference_epsilons.json: epsilons of other accountants for the Poisson-subsampled Gaussian.

rdp: Opacus RDP accountant on its default orders. pld: dp-accounting PLD, connect the dots, interval 1e-4,
pessimistic. pld_optimistic: dp-accounting with pessimistic_estimate=False, null where it was too slow.
Run: python make_epsilon_fixture.py [--check N]   (opacus 1.6.0, dp-accounting 0.6.0; no randomness)
The cases are read back from the file itself; --check recomputes N of them and compares.
"""

import json
import sys

FILE = "reference_epsilons.json"


def recomputed(q, sigma, steps, delta, with_optimistic):
    import dp_accounting
    from dp_accounting.pld import common, privacy_loss_distribution as pld
    from opacus.accountants import RDPAccountant

    rdp = RDPAccountant()
    rdp.history = [(sigma, q, steps)]

    def epsilon(pessimistic):
        one = pld.from_gaussian_mechanism(
            sigma, sampling_prob=q, value_discretization_interval=1e-4, pessimistic_estimate=pessimistic,
            use_connect_dots=pessimistic)
        return one.self_compose(steps).get_epsilon_for_delta(delta)

    return rdp.get_epsilon(delta), epsilon(True), epsilon(False) if with_optimistic else None


if __name__ == "__main__":
    with open(FILE) as file:
        table = json.load(file)
    if sys.argv[1:2] == ["--check"]:
        chosen = [row for row in table["rows"] if row[2] <= 1000][: int(sys.argv[2])]
    else:
        chosen = table["rows"]
    for row in chosen:
        values = recomputed(*row[:4], row[6] is not None)
        for old, new in zip(row[4:], values):
            assert (old is None) == (new is None) and (old is None or abs(old - new) <= 1e-6 * (1 + abs(old))), (row, values)
        row[4:] = values if sys.argv[1:2] != ["--check"] else row[4:]
    if sys.argv[1:2] != ["--check"]:
        with open(FILE, "w") as file:
            json.dump(table, file, indent=0)
            file.write("\n")
    print(len(chosen), "rows agree")
