"""Small sets in the layouts of GLUE's tasks, made of the pairs of RTE."""
import csv
from pathlib import Path


def read(folder, split):
    with open(f"{folder}/{split}.tsv", encoding="utf8") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]


def shared_words(left, right):
    """Of all words of both, from 0 to 5: something that a model of similarity can learn."""
    left, right = set(left.lower().split()), set(right.lower().split())
    return round(5 * len(left & right) / len(left | right), 3)


def examples(task, rows):
    """(sentence, second sentence or None, label as a number) of each of RTE's rows."""
    for _, left, right, label in rows:
        negative = int(label != "entailment")
        yield {
            "rte": (left, right, negative),
            "cola": (right, None, negative),
            "sts-b": (left, right, shared_words(left, right)),
            "mnli": (left, right, 1 if not negative else 2 * (len(right) % 2)),
        }[task]


LABELS = {"rte": ["entailment", "not_entailment"], "cola": ["0", "1"], "sts-b": None, "mnli": ["contradiction", "entailment", "neutral"]}
FOLDERS = {"rte": "RTE", "cola": "CoLA", "sts-b": "STS-B", "mnli": "MNLI"}


def write(task, rte, folder):
    """The task's files in a new folder, of as many rows as RTE has. Returns the folder."""
    target = Path(folder, FOLDERS[task])
    target.mkdir()
    for split in ("train", "dev"):
        lines = [] if task == "cola" else ["header"]
        for i, (left, right, label) in enumerate(examples(task, read(rte, split))):
            word = str(label) if LABELS[task] is None else LABELS[task][label]
            lines.append("\t".join({
                "rte": [str(i), left, right or "", word],
                "cola": ["gj04", word, "*", left],
                "sts-b": [str(i), *["x"] * 6, left, right or "", word],
                "mnli": [str(i), *["x"] * 7, left, right or "", "x", word],
            }[task]))
        for name in ("dev_matched", "dev_mismatched") if (task, split) == ("mnli", "dev") else (split,):
            (target / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf8")
    return target
