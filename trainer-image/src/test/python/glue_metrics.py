"""Figures of GLUE by scikit-learn and scipy, for GlueMetricsTest. Run: python glue_metrics.py > ../resources/reference/glue_metrics.json"""
import json
import warnings

import numpy as np
from scipy.stats import pearsonr, spearmanr
from sklearn.metrics import f1_score, matthews_corrcoef

warnings.simplefilter("ignore")
rng = np.random.default_rng(42)
cases = []


def classes(score, predictions, labels):
    accuracy = float(np.mean(np.array(predictions) == np.array(labels)))
    metrics = {"acc": accuracy}
    if score == "ACCURACY_AND_F1":
        f1 = float(f1_score(labels, predictions))
        metrics |= {"f1": f1, "acc_and_f1": (accuracy + f1) / 2}
    if score == "MATTHEWS":
        metrics = {"mcc": float(matthews_corrcoef(labels, predictions))}
    cases.append({"score": score, "predictions": list(map(float, predictions)), "labels": list(map(float, labels)), "metrics": metrics})


def scores(predictions, labels):
    pearson, spearman = float(pearsonr(predictions, labels)[0]), float(spearmanr(predictions, labels)[0])
    metrics = {"pearson": pearson, "spearmanr": spearman, "corr": (pearson + spearman) / 2}
    cases.append({"score": "CORRELATION", "predictions": list(map(float, predictions)), "labels": list(map(float, labels)), "metrics": metrics})


for score in ("ACCURACY", "ACCURACY_AND_F1", "MATTHEWS"):
    labels = rng.integers(0, 2, 60).tolist()
    classes(score, [label if rng.random() < 0.8 else 1 - label for label in labels], labels)
    classes(score, [0] * 60, labels)  # Collapsed.
    classes(score, [1] * 60, labels)
    classes(score, labels, labels)
classes("ACCURACY", rng.integers(0, 3, 60).tolist(), rng.integers(0, 3, 60).tolist())
truth = np.round(rng.uniform(0, 5, 40) * 4) / 4  # With ties, as STS-B has.
scores((truth + rng.normal(0, 1, 40)).round(4).tolist(), truth.tolist())
scores(np.round(truth).tolist(), truth.tolist())
print(json.dumps(cases))
