#!/usr/bin/env python3
"""Holds textlambda's statistics against SciPy, statsmodels and scikit-learn, case by case.

usage: reference_statistics.py STATS_FIGURES

STATS_FIGURES is the program made from figures.cpp. What no library has (Tango's interval) is solved here on its own, by
bisection in decimal arithmetic on the score equation as the paper states it. Exits with 77 where a library is missing.
"""
import math
import random
import subprocess
import sys
from decimal import Decimal, getcontext

try:
    import numpy as np
    from scipy import special, stats
    from sklearn.metrics import average_precision_score, roc_auc_score
    from statsmodels.stats.contingency_tables import mcnemar
    from statsmodels.stats.multitest import multipletests
except ImportError as missing:
    print(f"skipped: {missing} (python3-scipy, python3-statsmodels, python3-sklearn)")
    sys.exit(77)

getcontext().prec = 50
random.seed(20260101)
cases = []  # (line for the program, expected figures, relative tolerance, absolute tolerance)


def case(line, expected, relative=1e-9, absolute=1e-13):
    cases.append((line, [float(value) for value in expected], relative, absolute))


def tango_statistic(n, wrong, right, delta):
    """z(delta), sections 2 and 4 of the paper: b = right, c = wrong, p12 = p21 + delta. None where it is 0/0."""
    n, b, c = Decimal(n), Decimal(right), Decimal(wrong)
    big_b = -b - c + (2 * n - b + c) * delta
    big_c = -c * delta * (1 - delta)
    discriminant = max(big_b * big_b - 8 * n * big_c, Decimal(0))
    q = (discriminant.sqrt() - big_b) / (4 * n)
    variance = n * (2 * q + delta * (1 - delta))
    distance = b - c - n * delta
    if variance <= Decimal(10) ** -40:
        return None if abs(distance) < Decimal(10) ** -30 else (Decimal("Infinity") if distance > 0 else Decimal("-Infinity"))
    return distance / variance.sqrt()


def tango_bounds(n, wrong, right, alpha):
    """The ends of the set of delta in (-1, 1) with |z(delta)| < z: each by bisection from the estimate outwards."""
    z = Decimal(stats.norm.isf(alpha))
    estimate = Decimal(right - wrong) / n
    bounds = []
    for end in (Decimal(-1), Decimal(1)):
        if estimate == end:
            bounds.append(end)
            continue
        inside, outside = estimate, end
        for _ in range(120):
            middle = (inside + outside) / 2
            statistic = tango_statistic(n, wrong, right, middle)
            if statistic is None or abs(statistic) < z:
                inside = middle
            else:
                outside = middle
        bounds.append((inside + outside) / 2)
    return bounds


def discordant_counts():
    for n in (1, 2, 3, 7):
        for wrong in range(n + 1):
            for right in range(n - wrong + 1):
                yield n, wrong, right
    yield from ((21, 7, 1), (618, 28, 25), (160, 20, 40), (44, 1, 1), (25000, 0, 0), (25000, 120, 80), (25000, 0, 1),
                (5000, 120, 80), (10**6, 9000, 9100), (10**9, 3, 1), (10**9, 400000000, 600000000 - 1), (50, 50, 0),
                (50, 0, 50), (50, 49, 1), (10**7, 10**7, 0))
    for _ in range(120):
        n = int(10 ** random.uniform(0.5, 5))
        discordant = random.randint(0, n) if random.random() < 0.3 else random.randint(0, max(1, n // 20))
        wrong = random.randint(0, discordant)
        yield n, wrong, discordant - wrong


for n, wrong, right in discordant_counts():
    for alpha in (0.05, 0.025, 0.001, 0.4):
        case(f"tango {n} {wrong} {right} {alpha}", tango_bounds(n, wrong, right, alpha), 1e-9, 1e-11)
    for delta0 in (-0.005, -0.02, 0.0, 0.3, -0.7):
        statistic = tango_statistic(n, wrong, right, Decimal(delta0))
        p = 1.0 if statistic is None else stats.norm.cdf(float(statistic))
        case(f"tango_p {n} {wrong} {right} {delta0!r}", [p], 1e-8, 1e-300)
    if wrong + right < 10**5:
        p = stats.binomtest(wrong, wrong + right, 0.5, alternative="greater").pvalue if wrong + right else 1.0
        case(f"mcnemar {n} {wrong} {right}", [p], 1e-9, 1e-300)
        if wrong > right:  # statsmodels has the two-sided one: twice the smaller tail
            two_sided = mcnemar([[0, wrong], [right, 0]], exact=True).pvalue
            case(f"mcnemar {n} {wrong} {right}", [two_sided / 2], 1e-9, 1e-300)



def exact_p(n, wrong, right, delta0):
    """The unconditional test by adding up every table, over a fine grid of the share of newly right pairs."""
    def statistic(b, c):
        value = tango_statistic(n, b, c, Decimal(delta0))
        return math.inf if value is None else float(value)

    observed = statistic(wrong, right)
    rejected = [(b, c) for b in range(n + 1) for c in range(n - b + 1) if statistic(b, c) <= observed + 1e-9]
    low = 0.0 if right == 0 else stats.beta.ppf(5e-7, right, n - right + 1)
    high = min(1.0 if right == n else stats.beta.isf(5e-7, right + 1, n - right), (1 + delta0) / 2)
    largest = 0.0
    for share in np.linspace(min(low, high), high, 300):
        weights = stats.multinomial.pmf([(b, c, n - b - c) for b, c in rejected], n, [share - delta0, share, max(0.0, 1 - 2 * share + delta0)])
        largest = max(largest, float(np.sum(weights)))
    return min(1.0, largest + 1e-6)


for n, wrong, right in ((5, 2, 0), (12, 4, 1), (20, 6, 0), (25, 5, 2), (25, 9, 9), (30, 1, 0), (30, 4, 12)):
    for delta0 in (-0.01, -0.05, -0.2):
        # Both look for the largest value on a grid.
        case(f"tango_exact {n} {wrong} {right} {delta0!r}", [exact_p(n, wrong, right, delta0)], 5e-3)

for successes, trials in ((0, 10), (10, 10), (1, 10), (81, 263), (15, 148), (919, 1000), (22870, 25000), (1, 1), (3, 10**6)):
    for level in (0.9, 0.95, 0.999):
        wilson = stats.binomtest(successes, trials).proportion_ci(level, method="wilson")
        case(f"wilson {successes} {trials} {level}", wilson)
        tail = (1 - level) / 2  # not binomtest's "exact", which stops at a tolerance of its own
        exact = [0 if successes == 0 else stats.beta.ppf(tail, successes, trials - successes + 1),
                 1 if successes == trials else stats.beta.isf(tail, successes + 1, trials - successes)]
        case(f"clopper_pearson {successes} {trials} {level}", exact)

for n in (2, 3, 10, 500, 20000):
    for shift in (-0.3, 0.0, 1e6):
        differences = [random.gauss(shift, 1) for _ in range(n)]
        for delta0 in (shift, shift - 0.05):
            test = stats.ttest_1samp(differences, delta0, alternative="less")
            mean, error = np.mean(differences), stats.sem(differences)
            reach = stats.t.isf(0.05, n - 1) * error
            # Far from 0 the last digits of the differences themselves are lost.
            case("paired_t 0.05 %r " % delta0 + " ".join(map(repr, differences)), [mean - reach, mean + reach, test.pvalue],
                 1e-7 if shift > 1 else 1e-9)

for count in (1, 2, 5, 40):
    p = [random.random() ** random.choice((1, 6)) for _ in range(count)]
    if count == 5:
        p[3] = p[1]
    case("holm " + " ".join(map(repr, p)), multipletests(p, method="holm")[1])

for variance, n, alpha, power in ((0.04, 500, 0.05, 0.8), (0.03, 3080, 0.05, 0.8), (0.9, 10, 0.01, 0.95)):
    effect = (stats.norm.isf(alpha) + stats.norm.ppf(power)) * math.sqrt(variance / n)
    case(f"detectable_effect {variance} {n} {alpha} {power}", [effect])

for n, levels in ((2, 2), (10, 3), (300, 7), (300, 10**6)):
    for share in (0.05, 0.5):
        truth = [1, 0] + [int(random.random() < share) for _ in range(n - 2)]
        score = [random.randint(0, levels) / 8 + (value / 4 if levels > 2 else 0) for value in truth]
        case("ranking " + " ".join(f"{s!r} {t}" for s, t in zip(score, truth)),
             [roc_auc_score(truth, score), average_precision_score(truth, score)])

for bins, n, m in ((1, 5, 9), (3, 40, 25), (128, 500, 2000), (64, 3000, 25000), (10, 7, 100000)):
    for shift in (0, 0.1, 2):
        values = [np.clip(np.random.default_rng(bins).normal(at, 1, size) * bins / 8 + bins / 2, 0, bins - 1).astype(int)
                  for at, size in ((0, n), (shift, m))]
        a, b = (np.bincount(sample, minlength=bins) for sample in values)
        distance = stats.ks_2samp(*values).statistic
        row = " ".join(map(str, [*a, *b]))
        case(f"kolmogorov_smirnov {row}", [distance, special.kolmogorov(distance * math.sqrt(n * m / (n + m)))], 1e-9, 1e-300)
        expected_share = (a + b) / (n + m)
        by_chance = sum(math.sqrt(2 / math.pi * s * (1 - s) * (1 / n + 1 / m)) for s in expected_share) / 2
        variation = sum(abs(a / n - b / m)) / 2
        excess = math.sqrt(max(variation**2 - by_chance**2, 0))
        if (np.outer([n, m], expected_share) >= 5).all():
            case(f"homogeneity {row}", [excess, stats.chi2_contingency([a, b], correction=False).pvalue if bins > 1 else 1],
                 1e-9, 1e-300)
# By hand: 3, 2 and 1 of each sample's 46 are rare; they stay below five expected together with none, so all are merged,
# and six of 46 expected are enough.
case("homogeneity 20 20 3 2 1 30 10 1 3 2", [math.sqrt(max(0, (10 / 46 + 1 / 46 + 1 / 46)**2 - (
    sum(math.sqrt(2 / math.pi * s * (1 - s) * 2 / 46) for s in (50 / 92, 30 / 92, 4 / 92, 5 / 92, 3 / 92)) / 2)**2)),
    stats.chi2_contingency([[20, 20, 6], [30, 10, 6]], correction=False).pvalue])
for a, b, alpha in ((500, 500, 0.05), (446, 1114, 0.0025), (3000, 20, 1e-6), (10, 10, 0.9)):
    case(f"smallest_significant_distance {a} {b} {alpha}", [special.kolmogi(alpha) / math.sqrt(a * b / (a + b))])

lines = "\n".join(line for line, *_ in cases) + "\n"
output = subprocess.run([sys.argv[1]], input=lines, capture_output=True, text=True, check=True).stdout.splitlines()
failures = 0
if len(output) != len(cases):
    sys.exit(f"{len(cases)} cases, {len(output)} answers")
for (line, expected, relative, absolute), answer in zip(cases, output):
    values = [float(value) for value in answer.split()]
    if len(values) != len(expected) or any(not math.isclose(value, want, rel_tol=relative, abs_tol=absolute)
                                           for value, want in zip(values, expected)):
        failures += 1
        if failures <= 20:
            print(f"{line[:100]}: {values}, expected {expected}")
print(f"{len(cases)} cases, {failures} failed")
sys.exit(failures > 0)
