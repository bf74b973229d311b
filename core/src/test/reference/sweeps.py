"""What the code of Weights and Biases makes of sweep configurations: writes core/src/test/resources/search.

pip install sweeps==0.3.0 wandb; python core/src/test/reference/sweeps.py
"""
import json
import pathlib
import sys
import warnings

sys.path.pop(0)  # This file has the name of the package.
warnings.simplefilter("ignore")

from sweeps import next_runs
from sweeps.config import SweepConfig
from sweeps.hyperband_stopping import hyperband_stop_runs
from sweeps.params import HyperParameter
from sweeps.run import RunState, SweepRun
from wandb.sdk.launch.sweeps.utils import create_sweep_command_args

OUT = pathlib.Path(__file__).parents[1] / "resources" / "search"

GRIDS = [
    {"lr": {"values": [3e-4, 1e-4]}, "batch": {"values": [8, 16, 32]}, "task": {"value": "RTE"}},
    {"v1": {"values": [1, 2, 3]}, "v2": {"values": [4, 5]}},
    {"v1": {"values": ["", [9, 5]]}, "v2": {"values": [256, 512]}},
    {"v1": {"values": [None, 2, 3, "a", [2, 3], 3]}, "v2": {"values": ["a", "b", "c'"]}},
    {"v1": {"values": ["a", "b", "c'"]}, "v2": {"value": 1}},
    {"v1": {"value": "a"}, "v2": {"value": "b"}},
    {"v1": {"values": ["a", "b", "c'"]}, "v2": {"values": [{"a": "b"}, {"c": "d", "b": "g"}, {"e": {"f": "g"}}, {"a": "b"}, {"b": "g", "c": "d"}]}},
    {"v1": {"values": ["a", "b", "c", "a"]}, "v2": {"values": [1, 2, 3]}},
    {"v1": {"distribution": "int_uniform", "min": -52, "max": 10}, "v2": {"value": "test"}},
    {"v1": {"distribution": "q_uniform", "min": -9.211, "max": 23.23, "q": 2.341}, "v2": {"value": "test"}},
    {"p1": {"values": ["a", "b", "c"]}, "p2": {"parameters": {"n1": {"values": [0.01, 0.001]}, "n2": {"value": 0.9}, "n3": {"values": [1, 2, 3]}}}},
    {"v1": {"values": [3000000, "next", 3000000.0]}, "v2": {"value": "test"}},
    {"v1": {"values": [True, 1]}, "v2": {"value": "test"}},
    {"v1": {"values": [{"a": 1, "b": 2}, {"a": 3, "b": 4}]}},
    {"a": {"min": 1, "max": 4}},
    {"a": {"min": 1, "max": 3}, "b": {"values": [True, False]}},
    {"a": {"min": 0, "max": 1}},
    {"a": {"distribution": "q_uniform", "min": 0, "max": 1, "q": 0.25}},
    {"a": {"distribution": "q_uniform", "min": 0, "max": 10, "q": 2}},
    {"a": {"distribution": "q_uniform", "min": 1, "max": 4}},
    {"a": {"distribution": "q_uniform", "min": 0, "max": 10, "q": 3}},
    {"a": {"values": ["1", 1, 1.0]}},
    {"a": {"values": ["true", True]}},
    {"a": {"values": ["sqrt", 0.5]}},
    {"a": {"values": [None, 5]}},
    {"a": {"values": [[64, 64], [128]]}},
    {"a": {"values": [[], {}]}},
    {"a": {"value": None}},
    {"a": {"value": [1, "x", None]}},
    {"a": {"value": {"b": {"c": [1, 2]}}}},
    {"a": {"value": False}},
    {"a": {"value": 5, "distribution": "constant"}},
    {"a": {"values": [1, 2], "distribution": "categorical"}},
    {"z": {"parameters": {"b": {"value": 1}, "a": {"values": [1, 2]}}}, "a": {"values": ["x", "y"]}},
    {"a-b": {"values": [1, 2]}, "a": {"parameters": {"z": {"values": [3, 4]}}}},
    {"a": {"parameters": {"b": {"parameters": {"c": {"parameters": {"d": {"values": [1, 2]}}}}}}}},
    {"opt": {"parameters": {"name": {"values": ["adam", "sgd"]}, "lr": {"min": 1, "max": 2}}}, "x": {"value": 0}},
    {"optimizer.lr": {"values": [0.1, 0.2]}, "model/name": {"values": ["a"]}},
    {"B": {"values": [1, 2]}, "a": {"values": [1, 2]}},
    {"a": {"values": [1e-5, 0.00001, 1]}},
    {"a": {"values": ["\u00e9", "e\u0301", "\U0001f600"]}},
    {"a": {"values": [" ", "", "\n"]}},
    {"a": {"values": [[1, 2.0], [1.0, 2]]}},
    {"a": {"values": [{"x": 1.0}, {"x": 1}]}},
    {"a": {"values": [[True], [1]]}},
    {"a": {"values": [0, False, None, ""]}},
    # Refused.
    {"a": {"min": 1.5, "max": 3.5}},
    {"a": {"min": 3, "max": 1}},
    {"a": {"min": 1, "max": 1}},
    {"a": {"distribution": "uniform", "min": 0, "max": 1}},
    {"a": {"distribution": "normal"}},
    {"a": {"distribution": "log_uniform_values", "min": 0.1, "max": 1}},
    {"a": {"values": [1, 2], "probabilities": [0.5, 0.5]}},
    {"a": {"values": []}},
    {"a": {}},
    {"a": {"value": 1, "values": [1]}},
    {"a": {"min": 1}},
    {"a": {"values": [1], "q": 1}},
    {"a": {"distribution": "gauss"}},
    {"a": {"parameters": {"b": {}}}},
    {"a": {"parameters": {"b": {"value": 1}}, "value": 2}},
    {"a": {"distribution": "q_uniform", "min": 0, "max": 1, "q": 0}},
    {"a": {"distribution": "q_uniform", "min": 0, "max": 1, "q": -1}},
    {"a": {"distribution": "int_uniform", "min": 0.5, "max": 2}},
]

DISTRIBUTIONS = [
    {"values": ["a", "b", "c"]},
    {"values": ["a", "b", "c"], "probabilities": [0.2, 0.5, 0.3]},
    {"min": 1, "max": 10},
    {"min": -3, "max": 3, "distribution": "int_uniform"},
    {"min": 0.5, "max": 2},
    {"min": 0, "max": 1, "distribution": "uniform"},
    {"min": 0, "max": 1, "q": 0.1, "distribution": "q_uniform"},
    {"min": 0.3, "max": 10.2, "distribution": "q_uniform"},
    {"min": -7, "max": 0, "distribution": "log_uniform"},
    {"min": 1e-5, "max": 0.1, "distribution": "log_uniform_values"},
    {"min": 0, "max": 5, "q": 2, "distribution": "q_log_uniform"},
    {"min": 1, "max": 1000, "q": 8, "distribution": "q_log_uniform_values"},
    {"min": 0, "max": 3, "distribution": "inv_log_uniform"},
    {"min": 0.001, "max": 1, "distribution": "inv_log_uniform_values"},
    {"distribution": "normal"},
    {"distribution": "normal", "mu": 5, "sigma": 0.1},
    {"distribution": "q_normal", "mu": 5, "sigma": 3, "q": 0.5},
    {"distribution": "log_normal", "mu": -3, "sigma": 0.7},
    {"distribution": "q_log_normal", "mu": 3, "sigma": 1, "q": 10},
    {"distribution": "beta", "a": 2, "b": 5},
    {"distribution": "beta"},
    {"distribution": "q_beta", "a": 2, "b": 3, "q": 0.05},
]
PROBABILITIES = [0.001, 0.013, 0.05, 0.11, 0.21, 0.34, 0.499, 0.501, 0.62, 0.71, 0.83, 0.93, 0.987, 0.999]

HYPERBANDS = [
    {"min_iter": 3},
    {"min_iter": 2, "eta": 2},
    {"min_iter": 1, "eta": 2, "strict": False},
    {"max_iter": 27, "s": 2},
    {"max_iter": 27, "s": 2, "eta": 3, "strict": False},
    {"max_iter": 5, "s": 2, "eta": 2},
    {"max_iter": 81, "s": 10, "eta": 3, "min_iter": 4},
    {"min_iter": 2, "eta": 1.5},
]

COMMANDS = [
    {"a": True, "b": False, "c": 1, "d": None},
    {"lr": 0.5, "name": "bert base", "quote": "it's \"so\"", "empty": ""},
    {"layers": [64, 64], "names": ["a", "it's"], "mixed": [None, True, 1.5, "x"], "map": {"lr": 0.5, "n": {"deep": []}, "name": "adam"}},
    {"text": "\u00fcn\u00ef \u2713", "lines": "two\nlines", "list": ["two\nlines", "\u00fc", "tab\t", "back\\slash"]},
]


def grids():
    for parameters in GRIDS:
        try:
            config = json.loads(json.dumps({"method": "grid", "parameters": parameters}))
            SweepConfig(json.loads(json.dumps(config)))  # Refuses what is wrong, and loses nested parameters.
            runs = next_runs(config, [], n=10_000)
            points = [{name: value["value"] for name, value in run.config.items()} for run in runs if run is not None]
            yield {"parameters": parameters, "points": points}
        except Exception as e:
            yield {"parameters": parameters, "refused": str(e).splitlines()[0][:200]}


def distributions():
    for parameter in DISTRIBUTIONS:
        known = HyperParameter("p", parameter)
        values = [known.ppf(p) for p in PROBABILITIES]
        yield {"parameter": parameter, "values": [v.item() if hasattr(v, "item") else v for v in values]}


def histories():
    """Of 12 trials, half of them running, that have reported 1 to 30 values."""
    for trial in range(12):
        length = 1 + (trial * 7) % 30
        yield {"trial": f"t{trial}", "running": trial % 2 == 0, "history": [round(1 / (1 + step * (0.2 + (trial * 5 % 12) / 12)) + ((trial * 31 + step * 17) % 7) / 50, 4) for step in range(length)]}


def hyperbands():
    for config in HYPERBANDS:
        for goal in ("minimize", "maximize"):
            runs = [SweepRun(name=t["trial"], state=RunState.running if t["running"] else RunState.finished, history=[{"loss": v} for v in t["history"]]) for t in histories()]
            stopped = hyperband_stop_runs(runs, {"method": "grid", "metric": {"name": "loss", "goal": goal}, "early_terminate": {"type": "hyperband", **config}, "parameters": {"a": {"values": [1]}}})
            bands = next(run.early_terminate_info["bands"] for run in runs if run.early_terminate_info)
            yield {"config": config, "goal": goal, "bands": bands[:20], "stopped": sorted(run.name for run in stopped)}


def commands():
    for parameters in COMMANDS:
        words = create_sweep_command_args({"args": {name: {"value": parameters[name]} for name in sorted(parameters)}})
        yield {"parameters": parameters, "words": {name: value for name, value in words.items() if name != "args_dict"}}


def write(name, content):
    OUT.mkdir(exist_ok=True)
    (OUT / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")


write("grids", list(grids()))
write("distributions", {"probabilities": PROBABILITIES, "distributions": list(distributions())})
write("hyperbands", {"trials": list(histories()), "hyperbands": list(hyperbands())})
write("commands", list(commands()))
