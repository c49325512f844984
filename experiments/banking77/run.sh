#!/usr/bin/env bash
# DP fine-tuning against Private Evolution on ten intents of Banking77. Needs banking77_train.csv
# (columns text, category) in $DPSCRIBE_CORPORA/private, Python 3, and the release binary on the PATH.
# Finished cells are skipped, one that was stopped goes on: run it again until it ends.
# Usage: run.sh WORK-FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:?name a folder for runs and synthetic text}"
cd "$1"
ln -sfn "$here" setting
python3 setting/split.py "$DPSCRIBE_CORPORA/private/banking77_train.csv" .
dpscribe compare --real-test test.csv --real-train train.csv --label-columns category \
    --label-values setting/label-values.json --sweep setting/sweep.yaml --out report \
    --json > compare.json
