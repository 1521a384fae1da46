#!/usr/bin/env python3
"""Prints the figures that metrics_test.cpp pins, computed by scikit-learn (and NumPy for the calibration error).

The data set is the one of the test: logits of row i and label k are ((7 i + 3 k + i k) mod 11) / 2 - 2, the truth of row i
is (i * i + i) mod 4 with four labels, of which the classifier knows the first three.
"""
import numpy as np
from sklearn.metrics import (accuracy_score, average_precision_score, f1_score, log_loss, matthews_corrcoef,
                             precision_score, recall_score, roc_auc_score)

ROWS, KNOWN = 40, 3
logits = np.array([[((7 * i + 3 * k + i * k) % 11) / 2 - 2 for k in range(KNOWN)] for i in range(ROWS)])
truth = np.array([(i * i + i) % 4 if (i * i + i) % 4 != 2 else 1 for i in range(ROWS)])
truth = np.where(np.arange(ROWS) % 9 == 8, 3, truth)  # label 3 is unknown to the classifier
probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
predicted = probabilities.argmax(axis=1)
confidence = probabilities.max(axis=1).astype(np.float32).astype(np.float64)
known = truth < KNOWN

present = sorted(set(truth) | set(predicted))
print("accuracy", repr(accuracy_score(truth, predicted)))
print("balanced", repr(np.mean([recall_score(truth, predicted, labels=[k], average="macro", zero_division=0)
                                for k in sorted(set(truth))])))
for name, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
    print("macro", name, repr(score(truth, predicted, labels=present, average="macro", zero_division=0)))
    print("labels", name, [repr(v) for v in score(truth, predicted, labels=[0, 1, 2, 3], average=None, zero_division=0)])
print("mcc", repr(matthews_corrcoef(truth, predicted)))
print("weighted f1", repr(f1_score(truth, predicted, average="weighted", zero_division=0)))
print("log loss", repr(log_loss(truth[known], probabilities[known], labels=list(range(KNOWN)))))
one_hot = np.eye(KNOWN)[truth[known]]
print("brier", repr(np.mean(((probabilities[known] - one_hot) ** 2).sum(axis=1))))

order = np.lexsort((predicted == truth, confidence))
correct = (predicted == truth)[order].astype(float)
confidence = confidence[order]
error = 0.0
for b in range(15):
    lo, hi = ROWS * b // 15, ROWS * (b + 1) // 15
    error += abs(confidence[lo:hi].sum() - correct[lo:hi].sum())
print("ece", repr(error / ROWS))
places = np.clip(np.ceil(confidence * 15), 1, 15)
print("ece, equal width", repr(sum(abs((confidence - correct)[places == b].sum()) for b in range(1, 16)) / ROWS))

for average in ("micro", "weighted"):
    for name, score in (("precision", precision_score), ("recall", recall_score), ("f1", f1_score)):
        print(average, name, repr(score(truth, predicted, labels=present, average=average, zero_division=0)))

# Rounded, so that rows whose probabilities differ in the last digit alone are ties.
ranks = np.round(np.log(probabilities), 9)
aurocs = [roc_auc_score(truth == k, ranks[:, k]) for k in range(KNOWN) if (truth == k).any()]
precisions = [average_precision_score(truth == k, ranks[:, k]) for k in range(KNOWN) if (truth == k).any()]
print("auroc", aurocs, repr(np.mean(aurocs)))
print("average precision", precisions, repr(np.mean(precisions)))

# Of equal logits the earlier label is preferred; scikit-learn's top_k_accuracy_score agrees where there are none.
preferred = np.argsort(-logits, axis=1, kind="stable")
for k in (1, 2, 3):
    print("top", k, repr(np.mean([truth[i] in preferred[i, :k] for i in range(ROWS)])))

answered = probabilities.max(axis=1) >= 0.6
print("coverage", repr(answered.mean()), "risk", repr((predicted != truth)[answered].mean()))
