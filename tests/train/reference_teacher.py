#!/usr/bin/env python3
"""Prints what teacher_test.cpp pins: the same EM in NumPy, from the formulas alone."""
import numpy as np

# Terms and counts of each text; the labelled ones first, with their labels.
LABELLED = [({0: 2, 2: 1}, 0), ({0: 1, 3: 1, 4: 1}, 0), ({1: 1, 2: 1}, 1), ({1: 3, 4: 1}, 1), ({1: 1, 5: 1}, 2)]
UNLABELLED = [{0: 1, 3: 2, 2: 1}, {1: 1, 4: 1}, {5: 1, 2: 1}, {3: 1}, {}]
LOGITS = np.array([[.5, 0, -.5], [0, .3, 0], [-.2, 0, .1], [0, 0, 0], [1, 0, 0]])
LABELS, TERMS = 3, 6


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


texts = [text for text, _ in LABELLED] + UNLABELLED
n = len(texts)
df = np.array([sum(t in text for text in texts) for t in range(TERMS)])
x = np.zeros((n, TERMS))
for i, text in enumerate(texts):
    for t, tf in text.items():
        if df[t] <= n / 2:
            x[i, t] = (1 + np.log(tf)) * (np.log((1 + n) / (1 + df[t])) + 1)
    if x[i].any():
        x[i] /= np.linalg.norm(x[i])
background = x.sum(axis=0) / x.sum()
r = np.zeros((n, LABELS))
for i, (_, label) in enumerate(LABELLED):
    r[i, label] = 1
guess = softmax(1.5 * LOGITS)
for _ in range(6):
    r[len(LABELLED):] = .5 * guess
    mass = x.T @ r
    b = .5 * mass.sum() / LABELS
    w = np.log((mass + b * background[:, None]) / (background[:, None] * (mass.sum(axis=0) + b)))
    guess = softmax(2 * x[len(LABELLED):] @ w + np.log(r.sum(axis=0) / r.sum() + 1e-4))
print("df", df.tolist())
print(np.round(softmax(np.log(softmax(LOGITS)) + np.log(guess)), 5).tolist())
