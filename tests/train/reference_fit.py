#!/usr/bin/env python3
"""Prints the optima that solver_test.cpp pins: the primal objective minimised by SciPy's L-BFGS on the same documents."""
import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp

DOCUMENTS, FEATURES = 60, 12


def documents(labels):
    rows, truth = [], []
    for i in range(DOCUMENTS):
        x = np.zeros(FEATURES)
        for j in range(5):
            feature = (i * (j + 3) + j * j + i // 7) % FEATURES
            x[feature] = (1 + np.log(1 + (i + j) % 3)) * (1 + feature / 10)
        rows.append(np.append(x / np.linalg.norm(x), 1))  # the last is the bias
        truth.append((i * i + i // 3) % labels)
    return np.array(rows), np.array(truth)


def optimum(labels, c, with_prior=False, tripled=False):
    x, y = documents(labels)
    if tripled:  # twice under its label, once under the next
        x, y = np.concatenate([x, x, x]), np.concatenate([y, y, (y + 1) % labels])
    vectors = 1 if labels == 2 else labels

    prior = np.zeros((vectors, FEATURES + 1))
    handicaps = np.zeros(len(y))
    if with_prior:
        for feature in range(FEATURES):
            for label in range(vectors):
                prior[label, feature] = (feature * 5 + label * 3) % 7 / 4 - .75
        handicaps = -(np.arange(DOCUMENTS) % 5) / 4

    def objective(flat):
        w = flat.reshape(vectors, FEATURES + 1)
        z = x @ w.T
        if vectors == 1:
            z = np.hstack([np.zeros_like(z), z])
        z[np.arange(len(y)), y] += handicaps
        p = np.exp(z - logsumexp(z, axis=1, keepdims=True))
        value = .5 * ((w - prior) ** 2).sum() - c * np.log(p[np.arange(len(y)), y]).sum()
        slope = (p - np.eye(z.shape[1])[y])[:, -vectors:] if vectors == 1 else p - np.eye(labels)[y]
        return value, (w - prior + c * slope.T @ x).ravel()

    return minimize(objective, np.zeros(vectors * (FEATURES + 1)), jac=True, method="L-BFGS-B",
                    options={"maxiter": 10000, "ftol": 1e-15, "gtol": 1e-9}).fun


for with_prior in (False, True):
    print("with a prior and handicaps:" if with_prior else "without:")
    for labels in (2, 3, 5):
        for c in (.1, 1, 8, 16):
            print(f"{{{labels}, {'0.1F' if c == .1 else c}, {float(optimum(labels, c, with_prior))!r}}},")
print("each document three times, under two labels:")
for labels in (2, 3, 5):
    for c in (1, 8):
        print(f"{{{labels}, {c}, {float(optimum(labels, c, tripled=True))!r}}},")
