"""Makes the tables of core/src/test/resources/analysis, and what numpy, scipy, statsmodels and Optuna say of them.

pip install numpy==2.* scipy statsmodels optuna scikit-learn; python core/src/test/reference/analysis.py
"""
import csv
import itertools
import json
import math
import pathlib

import warnings

import numpy as np
import optuna
import pandas as pd
import scipy.stats
import statsmodels.api as sm
from statsmodels.formula.api import ols
from statsmodels.stats.proportion import proportion_confint

OUT = pathlib.Path(__file__).parents[1] / "resources" / "analysis"
EXAMPLES = 277
LEARNING_RATES = [3e-4, 1e-4, 5e-5, 3e-5]
BATCHES = [8, 16, 32, 64, 128]
MODELS = ["distilbert", "bert"]
optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")


def write(name, header, rows, expected):
    with open(OUT / f"{name}.csv", "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
    versions = {"numpy": np.__version__, "scipy": scipy.__version__, "statsmodels": sm.__version__, "optuna": optuna.__version__}
    (OUT / f"{name}.json").write_text(json.dumps({"versions": versions, **expected}, indent=1) + "\n")


def accuracy(learning_rate, batch, model):
    """A surface with a ridge that lies elsewhere for each model."""
    centre = -4.4 if model == "bert" else -3.9
    return 0.55 + 0.14 * math.exp(-4 * (math.log10(learning_rate) - centre) ** 2) - 0.01 * abs(math.log2(batch) - 4)


def correlations(frame, metric, numeric, categories):
    result = {}
    for name, log in numeric.items():
        x = np.log10(frame[name]) if log else frame[name]
        pearson = scipy.stats.pearsonr(x, frame[metric])
        spearman = scipy.stats.spearmanr(x, frame[metric])
        result[name] = {"pearson": pearson.statistic, "pearson_p": pearson.pvalue,
                        "spearman": spearman.statistic, "spearman_p": spearman.pvalue}
    for name in categories:
        groups = [group[metric].to_numpy() for _, group in frame.groupby(name)]
        total = ((frame[metric] - frame[metric].mean()) ** 2).sum()
        between = sum(len(g) * (g.mean() - frame[metric].mean()) ** 2 for g in groups)
        result[name] = {"ratio": math.sqrt(between / total), "ratio_p": scipy.stats.f_oneway(*groups).pvalue}
    return result


def shares(frame, metric, names):
    """Main effects and pairs of a balanced table; sums of squares over their total."""
    table = sm.stats.anova_lm(ols(f"{metric} ~ (" + " + ".join(f"C({n})" for n in names) + ")**2", frame).fit(), typ=2)
    total = ((frame[metric] - frame[metric].mean()) ** 2).sum()
    return {",".join(part[2:-1] for part in term.split(":")): row.sum_sq / total
            for term, row in table.iterrows() if term != "Residual"}


def grid():
    rng = np.random.default_rng(1)
    rows = []
    for lr, batch, model in itertools.product(LEARNING_RATES, BATCHES, MODELS):
        rows.append([repr(lr), batch, model, round(rng.binomial(EXAMPLES, accuracy(lr, batch, model)) / EXAMPLES, 10)])
    frame = pd.DataFrame(rows, columns=["lr", "batch", "model", "acc"]).astype({"lr": float})
    p = (frame.acc * EXAMPLES + 1) / (EXAMPLES + 2)
    variances = p * (1 - p) / (EXAMPLES + 2)
    total = ((frame.acc - frame.acc.mean()) ** 2).sum()
    best = frame.loc[frame.acc.idxmax()]
    wilson = proportion_confint(best.acc * EXAMPLES, EXAMPLES, alpha=0.05, method="wilson")
    bests = {model: group.loc[group.acc.idxmax()] for model, group in frame.groupby("model")}
    adjusted = {model: (b.acc * EXAMPLES + 1) / (EXAMPLES + 2) for model, b in bests.items()}
    difference_variance = sum(q * (1 - q) / (EXAMPLES + 2) for q in adjusted.values())
    within = ((frame.acc - best.acc).abs() <= scipy.stats.norm.ppf(1 - 0.025 / 39) * np.sqrt(
        variances + variances[frame.acc.idxmax()])).sum() - 1
    pivot = frame.pivot_table(index=["lr", "batch"], columns="model", values="acc")
    write("grid", frame.columns, rows, {
        "shares": shares(frame, "acc", ["batch", "lr", "model"]),
        "noise_share": 39 * variances.mean() / total,
        "noise_lr": 3 * variances.mean() / total,
        "best": {"value": best.acc, "low": wilson[0], "high": wilson[1], "within_noise": int(within)},
        "means": {repr(lr): g.acc.mean() for lr, g in frame.groupby("lr")},
        "sds": {repr(lr): g.acc.std(ddof=1) for lr, g in frame.groupby("lr")},
        "correlations": correlations(frame, "acc", {"lr": True, "batch": True}, ["model"]),
        "contrast": {"margin": scipy.stats.norm.ppf(0.975) * math.sqrt(difference_variance),
                     "difference": abs(bests["bert"].acc - bests["distilbert"].acc),
                     "matched": abs((pivot.bert - pivot.distilbert).mean()),
                     "matched_margin": scipy.stats.norm.ppf(0.975) * math.sqrt(variances.sum()) / 20},
    })


def replicates():
    rng = np.random.default_rng(2)
    rows = [[lr, seed, round(float(loss), 6)] for lr, centre in [(0.1, 0.40), (0.01, 0.30), (0.001, 0.45)]
            for seed, loss in enumerate(rng.normal(centre, 0.02, 5))]
    frame = pd.DataFrame(rows, columns=["lr", "seed", "loss"])
    groups = [g.loss for _, g in frame.groupby("lr")]
    variance = sum(((g - g.mean()) ** 2).sum() for g in groups) / 12
    best = min(groups, key=lambda g: g.mean())
    half = scipy.stats.t.ppf(0.975, 12) * math.sqrt(variance / 5)
    means = np.array([g.mean() for g in groups])
    write("replicates", frame.columns, rows, {
        "variance": variance, "degrees": 12, "best": best.mean(), "low": best.mean() - half, "high": best.mean() + half,
        "noise_share": 2 * variance / 5 / ((means - means.mean()) ** 2).sum()})


def random():
    rng = np.random.default_rng(3)

    def truth(lr, batch, model, dropout):
        ridge = np.exp(-2 * (np.log10(lr) + (3.5 if model == "bert" else 2.5)) ** 2)
        return 0.5 + 0.3 * ridge + 0.03 * np.log2(batch / 8) / 4 - 0.05 * dropout

    rows = []
    for _ in range(2000):
        lr, batch = round(10 ** rng.uniform(-5, -1), 9), int(rng.choice(BATCHES))
        model, dropout = str(rng.choice(MODELS)), round(rng.uniform(0, 0.5), 6)
        rows.append([f"{lr:.9f}", batch, model, dropout, round(float(truth(lr, batch, model, dropout) + rng.normal(0, 0.02)), 6)])
    frame = pd.DataFrame(rows, columns=["lr", "batch", "model", "dropout", "acc"]).astype({"lr": float})
    space = {"lr": optuna.distributions.FloatDistribution(1e-5, 1e-1, log=True),
             "batch": optuna.distributions.CategoricalDistribution(BATCHES),
             "model": optuna.distributions.CategoricalDistribution(MODELS),
             "dropout": optuna.distributions.FloatDistribution(0, 0.5)}
    fine = [np.logspace(-5, -1, 401), np.array(BATCHES), MODELS, np.linspace(0, 0.5, 21)]
    surface = np.array([[truth(fine[0][:, None], fine[1][None, :], model, d) for d in fine[3]] for model in MODELS])
    variance = surface.var()
    main = {"model": surface.mean(axis=(1, 2, 3)).var(), "dropout": surface.mean(axis=(0, 2, 3)).var(),
            "lr": surface.mean(axis=(0, 1, 3)).var(), "batch": surface.mean(axis=(0, 1, 2)).var()}
    pair = surface.mean(axis=(1, 3)).var() - main["lr"] - main["model"]
    write("random", frame.columns, rows, {
        "optuna": fanova(frame, space, "acc"),
        "truth": {**{k: v / variance for k, v in main.items()}, "lr,model": pair / variance},
        "correlations": correlations(frame, "acc", {"lr": True, "batch": True, "dropout": False}, ["model"])})


def missing():
    """The grid above without noise, without a quarter of its points."""
    rng = np.random.default_rng(4)
    points = list(itertools.product(LEARNING_RATES, BATCHES, MODELS))
    full = pd.DataFrame([[*p, accuracy(*p)] for p in points], columns=["lr", "batch", "model", "acc"])
    kept = sorted(rng.choice(40, 30, replace=False))
    frame = full.iloc[kept]
    space = {"lr": optuna.distributions.CategoricalDistribution(LEARNING_RATES),
             "batch": optuna.distributions.CategoricalDistribution(BATCHES),
             "model": optuna.distributions.CategoricalDistribution(MODELS)}
    write("missing", frame.columns, [[repr(r.lr), r.batch, r.model, round(r.acc, 6)] for r in frame.itertuples()],
          {"truth": shares(full, "acc", ["batch", "lr", "model"]), "optuna": fanova(frame, space, "acc")})


def fanova(frame, space, metric):
    """Main effects by Optuna, mean over five forests; takes a minute for 2,000 rows."""
    study = optuna.create_study(direction="maximize")
    for row in frame.to_dict("records"):
        study.add_trial(optuna.trial.create_trial(params={k: row[k] for k in space}, distributions=space, value=row[metric]))
    runs = [optuna.importance.get_param_importances(
        study, evaluator=optuna.importance.FanovaImportanceEvaluator(seed=seed), normalize=False) for seed in range(5)]
    return {k: float(np.mean([run[k] for run in runs])) for k in space}


if __name__ == "__main__":
    for make in (grid, replicates, random, missing):
        make()
