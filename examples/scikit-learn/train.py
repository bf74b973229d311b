"""A forest for handwritten digits (1,797 pictures that come with scikit-learn)."""
import argparse
import json

from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

parser = argparse.ArgumentParser()
parser.add_argument("--n_estimators", type=int)
parser.add_argument("--max_depth", type=lambda text: None if text == "None" else int(text))
parser.add_argument("--max_features", type=lambda text: text if text in ("sqrt", "log2") else float(text))
parser.add_argument("--min_samples_leaf", type=int)
parser.add_argument("--seed", type=int, default=0)
arguments = parser.parse_args()

digits = load_digits()
forest = RandomForestClassifier(arguments.n_estimators, max_depth=arguments.max_depth, max_features=arguments.max_features, min_samples_leaf=arguments.min_samples_leaf, random_state=arguments.seed)
scores = cross_val_score(forest, digits.data, digits.target, cv=3)
print(json.dumps({"accuracy": scores.mean(), "eval_samples": len(digits.target)}))
