"""bayes beside the bayes of Weights and Biases and Optuna's samplers: how far from the minimum the best of 50 trials is.

usage: bench.py CLASSPATH [--seeds 20] [--trials 50] [--engines NAME,...] [--functions NAME,...]
"""
import argparse
import json
import math
import statistics
import subprocess
import time
import warnings
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

warnings.simplefilter("ignore")
OUT = Path(__file__).parents[2] / "build/bench/search.json"


def branin(x, y):
    return (y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


HARTMANN_A = [[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]]
HARTMANN_P = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991], [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]]


def hartmann6(**x):
    point = [x[f"x{i}"] for i in range(6)]
    return -sum(c * math.exp(-sum(a * (u - p / 1e4) ** 2 for a, u, p in zip(row, point, at))) for c, row, at in zip([1, 1.2, 3, 3.2], HARTMANN_A, HARTMANN_P))


def training(learning_rate, weight_decay, layers, activation, batch):
    """Shaped as a validation loss is: a valley in the learning rate that moves with the batch, a best depth, one activation that is best."""
    best_rate = math.log10(1e-3) + 0.3 * math.log2(batch / 32)
    loss = 0.35 * (math.log10(learning_rate) - best_rate) ** 2 + 0.04 * (layers - 5) ** 2 + {"gelu": 0, "relu": 0.1, "tanh": 0.3, "sigmoid": 0.6}[activation]
    return loss + 0.05 * (math.log10(weight_decay) + 2) ** 2 + 0.05 * abs(math.log2(batch / 64))


FLAT = {"distribution": "uniform"}
FUNCTIONS = {
    "branin": (branin, {"x": FLAT | {"min": -5.0, "max": 10.0}, "y": FLAT | {"min": 0.0, "max": 15.0}}, 0.397887),
    "hartmann6": (hartmann6, {f"x{i}": FLAT | {"min": 0.0, "max": 1.0} for i in range(6)}, -3.32237),
    "training": (
        training,
        {
            "learning_rate": {"distribution": "log_uniform_values", "min": 1e-6, "max": 1.0},
            "weight_decay": {"distribution": "log_uniform_values", "min": 1e-5, "max": 1.0},
            "layers": {"distribution": "int_uniform", "min": 1, "max": 12},
            "activation": {"values": ["sigmoid", "tanh", "relu", "gelu"]},
            "batch": {"values": [8, 16, 32, 64, 128]},
        },
        0.0,
    ),
}


def ours(function, space, seed, trials, classpath, method="bayes"):
    process = subprocess.Popen(["java", "-cp", classpath, "dev.sweeps.search.AskTell"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    line = {"method": method, "metric": {"name": "m"}, "parameters": space, "runCap": trials + 1, "seed": seed}
    for _ in range(trials):
        process.stdin.write(json.dumps(line) + "\n")
        process.stdin.flush()
        value = function(**json.loads(process.stdout.readline()))
        line = {"value": value}
        yield value
    process.stdin.close()
    process.wait()


def wandb(function, space, seed, trials, classpath):
    import random

    import numpy
    from sweeps import next_run
    from sweeps.run import RunState, SweepRun

    random.seed(seed)
    numpy.random.seed(seed)
    config = {"method": "bayes", "metric": {"name": "m", "goal": "minimize"}, "parameters": space}
    runs = []
    for trial in range(trials):
        run = next_run(config, runs)
        value = function(**{name: parameter["value"] for name, parameter in run.config.items()})
        runs.append(SweepRun(name=str(trial), config=run.config, state=RunState.finished, summary_metrics={"m": value}, history=[{"m": value}]))
        yield value


def optuna(sampler):
    def search(function, space, seed, trials, classpath):
        import optuna

        optuna.logging.set_verbosity(optuna.logging.ERROR)
        study = optuna.create_study(sampler=getattr(optuna.samplers, sampler)(seed=seed))
        for _ in range(trials):
            trial = study.ask()
            point = {}
            for name, parameter in space.items():
                if "values" in parameter:
                    point[name] = trial.suggest_categorical(name, parameter["values"])
                elif parameter["distribution"] == "int_uniform":
                    point[name] = trial.suggest_int(name, parameter["min"], parameter["max"])
                else:
                    point[name] = trial.suggest_float(name, parameter["min"], parameter["max"], log="log" in parameter["distribution"])
            value = function(**point)
            study.tell(trial, value)
            yield value

    return search


def random_search(*arguments):
    return ours(*arguments, method="random")


ENGINES = {"ours": ours, "wandb": wandb, "optuna-gp": optuna("GPSampler"), "optuna-tpe": optuna("TPESampler"), "random": random_search}


def regret(engine, name, seed, trials, classpath):
    """The regret after each trial, and the seconds that a suggestion took on average."""
    try:
        import torch

        torch.set_num_threads(1)
    except ImportError:
        pass
    function, space, minimum = FUNCTIONS[name]
    start, best, regrets = time.monotonic(), math.inf, []
    for value in ENGINES[engine](function, space, seed, trials, classpath):
        best = min(best, value)
        regrets.append(best - minimum)
    return regrets, (time.monotonic() - start) / trials


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("classpath")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--functions", default=",".join(FUNCTIONS))
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    results = []
    print(f"regret after {options.trials} trials, {options.seeds} seeds: median, and quartiles\n", flush=True)
    with ProcessPoolExecutor(options.workers) as pool:
        for name in options.functions.split(","):
            for engine in options.engines.split(","):
                runs = list(pool.map(regret, *zip(*[(engine, name, seed, options.trials, options.classpath) for seed in range(options.seeds)])))
                ends = sorted(run[0][-1] for run in runs)
                quartiles = statistics.quantiles(ends, n=4) if len(ends) > 1 else ends * 3
                halfway = statistics.median(run[0][options.trials // 2 - 1] for run in runs)
                seconds = statistics.median(run[1] for run in runs)
                results.append({"function": name, "engine": engine, "regret": ends, "median": statistics.median(ends), "median_halfway": halfway, "seconds_per_suggestion": seconds})
                print(f"{name:10} {engine:11} {statistics.median(ends):10.5f}   {quartiles[0]:10.5f} to {quartiles[2]:9.5f}   halfway {halfway:9.5f}   {seconds:6.3f} s a suggestion", flush=True)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"trials": options.trials, "seeds": options.seeds, "runs": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
