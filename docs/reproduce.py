#!/usr/bin/env python3
"""Computes the figures of an evidence report anew from its data file alone, and compares them with those in it.

    python3 docs/reproduce.py report-2026-12-01.json

The file is the report's "JSON" (docs/evidence.md); each of its figures is explained in the codebook inside it. Nothing but Python's own library is
used. What is computed from the means, spreads and numbers of people in the file:

    difference, dz, its interval     mean after less mean before; over the standard deviation of the differences; paired t
    gain                             difference / (100 - mean before)
    nothing-gained, worst, best      the difference of all, had the lost gained nothing, scored 0, scored 100
    regression and its interval      two-phase sampling, Cochran 1977, chapter 12
    needed                           people for a power of 80 % to see five points, Guenther 1981
    form-effect, free, their bounds  Hills and Armitage 1979; the interval of one has the width of the other's
    retained                         what was left later of what had been gained
    use-low, use-high                of all asked, if nobody, or everybody, who is silent uses it
    later-nothing                    the later difference of all, had the lost gained nothing
    pooled-i2                        from Cochran's Q

What needs each person's scores is not in a file about groups and is said to be "from the scores": the mean of individual gains, the ceiling, slopes,
the spread of each half, the intervals of follow-ups, and pooled trainings. `ostoja gain` computes these from a file of scores.

Exits with 1 if a figure in the file is not what is computed here.
"""
import json
import math
import sys

TOLERANCE = 1e-6  # in the figure's own unit: the file has all digits


def beta(x, a, b):
    """The regularised incomplete beta function, by its continued fraction (Lentz)."""
    if x <= 0 or x >= 1:
        return min(max(x, 0.0), 1.0)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    tiny, c, d = 1e-300, 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    total = d
    for m in range(1, 1000):
        for numerator in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1 + numerator * d
            c = 1 + numerator / c
            d, c = 1 / (d if abs(d) > tiny else tiny), c if abs(c) > tiny else tiny
            total *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return front * total


def quantile(freedom):
    """The 97.5 % quantile of Student's t."""
    low, high = 0.0, 1e4
    for _ in range(200):
        t = (low + high) / 2
        if 1 - beta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2 < 0.975:
            low = t
        else:
            high = t
    return t


def computed(row):
    """Yields the name and the value of each figure that a row's other figures determine; only of those the row has."""
    have = lambda *names: all(row.get(name) is not None for name in names)
    n = row.get("matched")
    if have("mean-before", "mean-after"):
        yield "difference", row["mean-after"] - row["mean-before"]
    if have("difference", "sd") and row["sd"] > 0:
        yield "dz", row["difference"] / row["sd"]
        if n > 1:
            half = quantile(n - 1) * row["sd"] / math.sqrt(n)
            yield "low", row["difference"] - half
            yield "high", row["difference"] + half
    if have("difference", "mean-before") and row["mean-before"] < 100:
        yield "gain", row["difference"] / (100 - row["mean-before"])
    if have("difference", "lost-tested"):
        yield from attrition(row, n, row["lost-tested"])
    if have("sd") and row["sd"] > 0:
        yield "needed", math.ceil(((1.96 + 0.8416) * row["sd"] / 5) ** 2 + 1.96**2 / 2 - 1e-9)
    if have("difference-a", "difference-b"):
        yield "form-effect", (row["difference-a"] - row["difference-b"]) / 2
        yield "free", (row["difference-a"] + row["difference-b"]) / 2
        if have("form-low", "form-high"):
            half = (row["form-high"] - row["form-low"]) / 2
            yield "free-low", row["free"] - half
            yield "free-high", row["free"] + half
    if have("later-before", "later-after", "later-later") and row["later-after"] - row["later-before"] >= 1:
        yield "retained", (row["later-later"] - row["later-before"]) / (row["later-after"] - row["later-before"])
    if have("use-asked", "use-answered", "use-yes") and row["use-asked"]:
        yield "use-low", 100 * row["use-yes"] / row["use-asked"]
        yield "use-high", 100 * (row["use-yes"] + row["use-asked"] - row["use-answered"]) / row["use-asked"]
    if have("later-difference", "later-n", "later-lost"):
        yield "later-nothing", row["later-difference"] * row["later-n"] / (row["later-n"] + row["later-lost"])
    if have("pooled-q", "pooled-k"):
        q, freedom = row["pooled-q"], row["pooled-k"] - 1
        yield "pooled-i2", (q - freedom) / q if freedom > 0 and q > freedom else 0.0


def attrition(row, n, lost):
    """What the people with a test before alone may do to the difference."""
    everybody, total = n + lost, n * row["difference"]
    yield "nothing-gained", total / everybody
    before = row.get("lost-before") if lost else 0.0
    if before is None:
        return
    yield "worst", (total - lost * before) / everybody
    yield "best", (total + lost * (100 - before)) / everybody
    if row.get("slope") is None or row.get("sd-before") is None or n < 3:
        return
    off = lost * (before - row["mean-before"]) / everybody
    value = row["difference"] + row["slope"] * off
    if not row["worst"] - 1e-9 <= value <= row["best"] + 1e-9:
        return  # no scores of the lost could bring it, and the report leaves it out
    yield "regression", value
    sxx, syy = (n - 1) * row["sd-before"] ** 2, (n - 1) * row["sd"] ** 2
    residual = max(0.0, syy - row["slope"] ** 2 * sxx) / (n - 2)
    variance = residual * (1 / n + off**2 / sxx) + max(0.0, syy / (n - 1) - residual) / everybody
    if variance > 0:
        half = quantile(n - 2) * math.sqrt(variance)
        yield "regression-low", value - half
        yield "regression-high", value + half


def main(path):
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    wrong = 0
    for row in report["rows"]:
        print(f"{row['dimension']}: {row['group']}")
        found = dict(computed(row))
        for name in (v["name"] for v in report["codebook"]):
            told = row.get(name)
            if isinstance(told, bool) or not isinstance(told, (int, float)):
                continue
            if name not in found:
                print(f"  {name:24} {told:14.6f}  from the scores")
                continue
            same = abs(told - found[name]) <= TOLERANCE * max(1, abs(told))
            wrong += not same
            print(f"  {name:24} {told:14.6f}  {'as computed' if same else f'WRONG: {found[name]:.6f} is computed'}")
    print(f"{wrong} figures differ" if wrong else "every figure that can be computed is as in the file")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
