#!/usr/bin/env python3
"""Prints the intervals that interval_test.cpp pins, computed with SciPy (python3-scipy)."""
from math import sqrt

from scipy.stats import beta, norm

for k, n, level in ((0, 10, .95), (10, 10, .95), (1, 10, .95), (5, 10, .95), (81, 263, .95), (15, 148, .95), (919, 1000, .99),
                    (22870, 25000, .95), (1, 1, .9), (3, 10**6, .95), (620000000, 10**9, .999)):
    z, p = norm.ppf(.5 + level / 2), k / n
    middle, half = (p + z * z / 2 / n) / (1 + z * z / n), z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    low = 0.0 if k == 0 else beta.ppf((1 - level) / 2, k, n - k + 1)
    high = 1.0 if k == n else beta.isf((1 - level) / 2, k + 1, n - k)
    wilson = (0.0 if k == 0 else middle - half, 1.0 if k == n else middle + half)
    print(f"{{{k}, {n}, {level}, {wilson[0]!r}, {wilson[1]!r}, {float(low)!r}, {float(high)!r}}},")
