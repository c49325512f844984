#!/usr/bin/env bash
# DP fine-tuning against Private Evolution on GoEmotions. Needs goemotions_train.csv and
# goemotions_dev.csv (columns text, label1) in $DPSCRIBE_CORPORA/private, and the release binary on the
# PATH. Finished cells are skipped, one that was stopped goes on: run it again until it ends.
# Usage: run.sh WORK-FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "${1:?name a folder for runs and synthetic text}"
cd "$1"
ln -sfn "$DPSCRIBE_CORPORA" corpora
ln -sfn "$here" setting
dpscribe compare --real-test corpora/private/goemotions_dev.csv \
    --real-train corpora/private/goemotions_train.csv --label-columns label1 \
    --label-values setting/label-values.json --sweep setting/sweep.yaml --out report \
    --json > compare.json
