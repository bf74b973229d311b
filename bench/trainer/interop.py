"""Whether Python reads what our trainer writes, and the reverse. Exits 1 with a sentence if not.

usage: interop.py RTE_DIR CLASSPATH TEST_CLASSES NATIVES MODEL
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import ours
import tasks

data, classpath, test_classes, natives, model = sys.argv[1:6]
ID = "google-bert/tiny-test"


def java(*arguments, lines=False, **environment):
    """The last line of what our trainer prints, or all."""
    run = subprocess.run(ours.command(classpath, *arguments), env=ours.environment(natives) | environment, capture_output=True, text=True)
    if run.returncode != 0:
        sys.exit(f"RunGlue exits with {run.returncode}:\n{run.stdout}\n{run.stderr}")
    metrics = [json.loads(line) for line in run.stdout.splitlines()]
    return metrics if lines else metrics[-1]


def check(what, right):
    print(("ok    " if right else "WRONG ") + what, flush=True)
    if not right:
        sys.exit(1)


def accuracy(folder):
    """Of a saved model in transformers, and its mean loss over batches of 8."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    classifier = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    rows = tasks.read(data, "dev")
    labels = torch.tensor([classifier.config.label2id[row[3]] for row in rows])
    right, losses = 0, []
    for begin in range(0, len(rows), 8):
        batch = rows[begin:begin + 8]
        encoded = tokenizer([row[1] for row in batch], [row[2] for row in batch], truncation=True, max_length=128, padding=True, return_tensors="pt")
        with torch.no_grad():
            output = classifier(**encoded, labels=labels[begin:begin + 8])
        right += int((output.logits.argmax(1) == labels[begin:begin + 8]).sum())
        losses.append(output.loss.item())
    return right / len(rows), sum(losses) / len(losses)


def word_piece(folder, scratch):
    """transformers' own tokenizer, the only one of May 2020; the one in Rust takes other tokens away where both sentences are as long. Writes scratch/vocab.txt."""
    from transformers import BertTokenizer, logging

    logging.set_verbosity_error()
    vocabulary = json.loads(Path(folder, "tokenizer.json").read_text())["model"]["vocab"]
    plain = Path(scratch, "vocab.txt")
    plain.write_text("".join(word + "\n" for word, _ in sorted(vocabulary.items(), key=lambda item: item[1])), encoding="utf8")
    return BertTokenizer(str(plain), do_lower_case=True)


def tokens():
    """Of every pair of the data and of odd ones, truncated at 128 and at 20, by tokenizer.json and by vocab.txt, beside transformers' own WordPiece."""
    pairs = []
    for split in ("train", "dev"):
        pairs += [[row[1], row[2]] for row in tasks.read(data, split)]
    odd = [
        "", " ", "a", "word " * 300, "caf\u00e9 na\u00efve co\u00f6perate A\u030angstr\u00f6m", "\u4f60\u597d\u4e16\u754c, hello", "\u3053\u3093\u306b\u3061\u306f \ud55c\uad6d\uc5b4",
        "\U0001f600 \U0001f469\u200d\U0001f4bb ok", "tab\there\u00a0nbsp\u200bzero\ufeffbom", "bell\u0007 null\u0000 del\u007f", "don't -- \u201cquoted\u201d \u2014 [MASK] [SEP] [CLS]",
        "x" * 101, "supercalifragilisticexpialidocious" * 2, "3.14e-5 $1,000.00 50%", "\u0130stanbul \u00dfstrasse \u03a3\u03ac\u03c2", "\ufdfa \u1e9e \ufb01ligature", "\ue000 private",
        "a\u0300\u0301\u0302", "<html> & \\n \\t {json: 1}", "URL http://example.org/?q=1#x", "MiXeD cAsE", "no\uffffcharacter not\u0378yet \U0001fffe",
    ]
    pairs += [[left, right] for left in odd for right in ("a b", odd[3], left)] + [[left] for left in odd]
    with tempfile.TemporaryDirectory() as scratch:
        theirs = word_piece(model, scratch)
        for length in (128, 20):
            # Word for word what transformers 2.9 calls, too.
            wanted = [theirs(*pair, truncation="longest_first" if len(pair) > 1 else True, max_length=length) for pair in pairs]
            for folder in (model, scratch):
                run = subprocess.run(
                    ["java", "-cp", f"{classpath}:{test_classes}", "dev.sweeps.trainer.data.PrintTokens", folder, str(length)],
                    input=json.dumps(pairs), capture_output=True, text=True, env=ours.environment(natives),
                )
                if run.returncode != 0:
                    sys.exit(run.stderr)
                printed = json.loads(run.stdout.splitlines()[-1])
                wrong = [pair for pair, one, other in zip(pairs, printed, wanted) if one != [other["input_ids"], other["token_type_ids"]]]
                check(f"tokens of {len(pairs)} examples, at most {length}, by {'vocab.txt' if folder == scratch else 'tokenizer.json'}" + "".join(f"\n  {pair!r:.200}" for pair in wrong[:10]), not wrong)


def train(folder, task, steps, batch_size, learning_rate, max_length):
    """A saved model in transformers, over the batches that run_glue takes with seed 42, by its optimizer and schedule. Returns the loss of each step, and afterwards of the dev set its mean loss over batches of 8 and its figure."""
    import numpy
    import torch
    from transformers import AutoModelForSequenceClassification, get_linear_schedule_with_warmup

    sys.path.insert(0, str(Path(__file__).parents[2] / "trainer-image/src/test/python"))
    from adamw import AdamWOfTransformers29, training_step

    tokenizer = word_piece(folder, folder)
    classifier = AutoModelForSequenceClassification.from_pretrained(folder).train()
    rows, dev = (list(tasks.examples(task, tasks.read(data, split))) for split in ("train", "dev"))

    def batch(rows):
        second = [row[1] for row in rows] if rows[0][1] is not None else None
        encoded = tokenizer([row[0] for row in rows], second, truncation=True, max_length=max_length, padding="max_length", return_tensors="pt")
        return encoded | {"labels": torch.tensor([row[2] for row in rows])}

    torch.manual_seed(42)
    order = []
    while len(order) < steps * batch_size:
        torch.empty((), dtype=torch.int64).random_()
        order += torch.randperm(len(rows)).tolist()
    undecayed = ("bias", "LayerNorm.weight")
    groups = [{"params": [p for n, p in classifier.named_parameters() if any(u in n for u in undecayed) == plain], "weight_decay": 0.0 if plain else 0.01} for plain in (False, True)]
    optimizer = AdamWOfTransformers29(groups, lr=learning_rate, eps=1e-8, weight_decay=0.0)
    schedule = get_linear_schedule_with_warmup(optimizer, 0, steps)
    losses = [training_step(classifier, batch([rows[i] for i in order[step * batch_size:(step + 1) * batch_size]]), optimizer, schedule) for step in range(steps)]

    classifier.eval()
    predictions, dev_losses = [], []
    for begin in range(0, len(dev), 8):
        with torch.no_grad():
            output = classifier(**batch(dev[begin:begin + 8]))
        predictions += (output.logits.argmax(1) if output.logits.shape[1] > 1 else output.logits[:, 0]).tolist()
        dev_losses.append(output.loss.item())
    labels = [row[2] for row in dev]
    accuracy = sum(one == other for one, other in zip(predictions, labels)) / len(dev)
    # Matthews' correlation of two classes is Pearson's.
    figure = accuracy if task in ("rte", "mnli") else numpy.corrcoef(predictions, labels)[0, 1]
    return losses, sum(dev_losses) / len(dev_losses), figure


def training():
    """Our losses and figures of some steps without dropout, beside Python's."""
    for task, steps, length, figure in (("rte", 100, 128, "eval_acc"), ("cola", 60, 64, "eval_mcc"), ("sts-b", 60, 64, "eval_pearson"), ("mnli", 60, 64, "eval_acc")):
        with tempfile.TemporaryDirectory() as scratch:
            common = [f"--task_name={task}", f"--data_dir={tasks.write(task, data, scratch)}", "--no_cuda", f"--max_seq_length={length}"]
            quiet = Path(scratch, "quiet")  # Without dropout, and with a classifier that both start from.
            java(f"--model_name_or_path={model}", *common, f"--output_dir={quiet}", "--do_eval", "--save_model")
            config = json.loads((quiet / "config.json").read_text())
            (quiet / "config.json").write_text(json.dumps(config | {name: 0.0 for name in config if name.endswith("dropout_prob")}))
            run = java(f"--model_name_or_path={quiet}", *common, f"--output_dir={scratch}/out", "--do_train", "--do_eval", f"--max_steps={steps}", "--logging_steps=1", "--learning_rate=5e-5", "--weight_decay=0.01", "--per_gpu_train_batch_size=8", lines=True)
            losses = [line["loss"] for line in run if "loss" in line]
            theirs, dev_loss, wanted = train(quiet, task, steps, 8, 5e-5, length)
            largest = max(abs(one - other) for one, other in zip(losses, theirs))
            check(f"{task}: the losses of {steps} steps without dropout, {theirs[0]:.4f} to {theirs[-1]:.4f}: at most {largest:.6f} apart", len(losses) == steps and largest < 1e-3)
            ended = run[-1]
            check(f"{task}: afterwards {figure} {ended[figure]:.6f} and in Python {wanted:.6f}; loss {ended['eval_loss']:.6f} and {dev_loss:.6f}", abs(ended[figure] - wanted) < 1e-4 and abs(ended["eval_loss"] - dev_loss) < 1e-4)


tokens()
training()
common = ["--task_name=RTE", f"--data_dir={data}", "--no_cuda"]
with tempfile.TemporaryDirectory() as scratch:
    metrics = java(f"--model_name_or_path={model}", *common, f"--output_dir={scratch}/saved", "--do_train", "--do_eval", "--save_model", "--max_steps=20", "--learning_rate=1e-4", "--per_gpu_train_batch_size=16")
    theirs = accuracy(scratch + "/saved")
    check(f"a saved model in transformers: accuracy {theirs[0]:.4f}, ours {metrics['eval_acc']:.4f}; loss {theirs[1]:.7f}, ours {metrics['eval_loss']:.7f}", abs(theirs[0] - metrics["eval_acc"]) < 1e-9 and abs(theirs[1] - metrics["eval_loss"]) < 1e-5)

    hub = subprocess.Popen(["java", "-cp", f"{classpath}:{test_classes}", "dev.sweeps.trainer.hub.FakeHub", ID, model], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        endpoint = hub.stdout.readline().strip()
        evaluate = [f"--model_name_or_path={ID}", *common, f"--output_dir={scratch}/out", "--do_eval"]
        python = subprocess.run([sys.executable, "-c", "import os, sys\nfrom huggingface_hub import hf_hub_download\nfor f in ('config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors'):\n  print(hf_hub_download(sys.argv[1], f))", ID], env=os.environ | {"HF_ENDPOINT": endpoint, "HF_HOME": scratch + "/python", "HF_HUB_DISABLE_XET": "1"}, capture_output=True, text=True)
        check("Python fetches from the Hub of the tests" + python.stderr[-600:] * (python.returncode != 0), python.returncode == 0)
        metrics = java(*evaluate, HF_HOME=scratch + "/python", HF_HUB_OFFLINE="1")
        check(f"a cache that Python filled serves us offline: {metrics['eval_samples']} examples evaluated", metrics["eval_samples"] > 0)
        java(*evaluate, HF_HOME=scratch + "/ours", HF_ENDPOINT=endpoint)
        python = subprocess.run([sys.executable, "-c", "from transformers import AutoTokenizer, AutoModel; import sys; AutoTokenizer.from_pretrained(sys.argv[1]); AutoModel.from_pretrained(sys.argv[1])", ID], env=os.environ | {"HF_HOME": scratch + "/ours", "HF_HUB_OFFLINE": "1"}, capture_output=True, text=True)
        check("a cache that we filled serves Python offline" + python.stderr[-600:] * (python.returncode != 0), python.returncode == 0)
    finally:
        hub.stdin.close()
        hub.wait()
