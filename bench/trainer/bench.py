"""Our trainer beside PyTorch and transformers, by turns in one run: a table for people, and build/bench/trainer.json.

usage: bench.py RTE_DIR CLASSPATH NATIVES MINILM BERT_BASE
"""
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import torch

import ours

HERE = Path(__file__).parent
ROUNDS = 2
# model, batch, steps of a run
SETTINGS = [("MiniLM-L6", 16, 24), ("MiniLM-L6", 32, 14), ("BERT-base", 8, 10)]
# engine, padding
ENGINES = [("djl", "max"), ("pytorch", "max"), ("djl", "none"), ("pytorch-dynamic", "none"), ("pytorch-group-by-length", "none")]

data, classpath, natives = sys.argv[1:4]
models = {"MiniLM-L6": sys.argv[4], "BERT-base": sys.argv[5]}


def djl(folder, batch, steps, padding):
    with tempfile.TemporaryDirectory() as out:
        command = ours.command(
            classpath,
            f"--model_name_or_path={folder}", "--task_name=RTE", f"--data_dir={data}", f"--output_dir={out}", "--do_train", "--no_cuda",
            f"--per_gpu_train_batch_size={batch}", f"--max_steps={steps}", "--learning_rate=1e-4", "--profile", f"--pad_to_max_length={padding == 'max'}",
        )
        peak, _ = measured(command, ours.environment(natives))
        return peak, json.loads(Path(out, "profile.json").read_text())


def pytorch(folder, batch, steps, padding):
    peak, output = measured([sys.executable, str(HERE / "peer.py"), folder, data, str(batch), str(steps), padding], os.environ)
    return peak, json.loads(output.splitlines()[-1])


def measured(command, environment):
    """Peak of the resident memory of a process in MB, and what it printed."""
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
        process = subprocess.Popen(command, stdout=out, stderr=err, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode != 0:
            sys.exit(f"{' '.join(command[:3])} ... exits with {process.returncode}:\n{err.read()[-3000:]}")
        return usage.ru_maxrss / 1024, out.read()


def gemm_gflops():
    """Matrix products of the shapes of BERT-base at 1,024 tokens, as many of each as a layer has."""
    import time

    torch.set_num_threads(os.cpu_count())
    shapes = [(1024, 768, 768)] * 4 + [(1024, 768, 3072), (1024, 3072, 768)]
    pairs = [(torch.randn(m, k), torch.randn(k, n)) for m, k, n in shapes]
    rates = []
    for _ in range(7):
        begin = time.perf_counter()
        for _ in range(6):
            for left, right in pairs:
                torch.matmul(left, right)
        rates.append(6 * sum(2 * m * k * n for m, k, n in shapes) / (time.perf_counter() - begin) / 1e9)
    return statistics.median(rates[1:])


def machine():
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    flags = next(line for line in open("/proc/cpuinfo") if line.startswith("flags")).split()
    return {"processor": names[0], "cores": os.cpu_count(), "extensions": [flag for flag in ("avx2", "avx512f", "avx512_bf16", "amx_bf16") if flag in flags], "kernel": platform.release()}


only = os.environ.get("BENCH_ONLY", "")
runs, gemm = [], [gemm_gflops()]
for model, batch, steps in SETTINGS:
    if only and only not in f"{model} {batch}":
        continue
    figures = {engine: [] for engine in ENGINES}
    for _ in range(ROUNDS):
        for engine, padding in ENGINES:
            run = djl if engine == "djl" else pytorch
            how = "group-by-length" if engine == "pytorch-group-by-length" else padding
            figures[engine, padding].append(run(models[model], batch, steps, how))
            print(f"{model} batch {batch} {engine} {padding}: {figures[engine, padding][-1][1]['samples_per_second']:.1f} samples/s", file=sys.stderr, flush=True)
        gemm.append(gemm_gflops())
    for (engine, padding), rounds in figures.items():
        speeds = [one["samples_per_second"] for _, one in rounds]
        runs.append({
            "model": model, "batch": batch, "padding": padding, "engine": engine,
            "samples_per_second": {"median": statistics.median(speeds), "min": min(speeds), "max": max(speeds)},
            "peak_rss_mb": round(max(peak for peak, _ in rounds)),
            "gflops": statistics.median(one["gflops"] for _, one in rounds),
            "start_to_first_step_s": statistics.median(one["start_to_first_step_s"] for _, one in rounds),
        })
throughput = statistics.median(gemm)
for run in runs:
    run["share_of_gemm"] = round(run.pop("gflops") / throughput, 3)

print(f"\n{machine()['processor']}, {os.cpu_count()} cores; matrix products {throughput:.0f} GFLOPS; RTE, 128 tokens at most, dropout 0.1, float32\n")
print("| model | batch | padding | engine | samples/s (min to max) | peak memory, MB | share of matrix product | start to first step, s |")
print("|---|---|---|---|---|---|---|---|")
for run in runs:
    speed = run["samples_per_second"]
    print(f"| {run['model']} | {run['batch']} | {run['padding']} | {run['engine']} | {speed['median']:.1f} ({speed['min']:.1f} to {speed['max']:.1f}) | {run['peak_rss_mb']:,} | {run['share_of_gemm']:.0%} | {run['start_to_first_step_s']:.1f} |")
out = Path("build/bench/trainer.json")
out.parent.mkdir(parents=True, exist_ok=True)
out.write_text(json.dumps({"machine": machine(), "gemm_gflops": throughput, "runs": runs}, indent=1) + "\n")
print(f"\nwrote {out}")
