"""Ten of Banking77's intents as train.csv and test.csv: every fourth record of an intent is for testing.

    python3 split.py banking77_train.csv FOLDER
"""
import collections
import csv
import json
import pathlib
import sys

source, folder = sys.argv[1], pathlib.Path(sys.argv[2])
values = json.loads((pathlib.Path(__file__).parent / "label-values.json").read_text())["category"]
seen = collections.Counter()
parts = {"train.csv": [], "test.csv": []}
with open(source, encoding="utf-8", newline="") as file:
    for row in csv.DictReader(file):
        if row["category"] in values:
            seen[row["category"]] += 1
            part = "test.csv" if seen[row["category"]] % 4 == 0 else "train.csv"
            parts[part].append((row["text"], row["category"]))
for name, rows in parts.items():
    with open(folder / name, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "category"])
        writer.writerows(rows)
    print(name, len(rows))
