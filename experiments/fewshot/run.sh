#!/usr/bin/env bash
# Private prediction on GoEmotions from the bundled model. Needs goemotions_train.csv and goemotions_dev.csv
# (columns text, label1) in $DPSCRIBE_CORPORA/private, and dpscribe on the PATH. A run that was stopped goes on:
# run it again until it ends.
# Usage: run.sh WORK-FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")/../goemotions" && pwd)
mkdir -p "${1:?name a folder for runs and synthetic text}/runs"
cd "$1"
rows=()
# 0.001 stands for 0: the clip is 0.002 nats, so the texts are those of the public prompt.
for epsilon in 0.001 1 8 inf; do
    dpscribe fewshot --data "$DPSCRIBE_CORPORA/private/goemotions_train.csv" --label-columns label1 \
        --label-values "$here/label-values.json" --label-distribution "$here/label-mix.json" \
        --dataset-size 40030 --delta 1e-6 --epsilon "$epsilon" --count 400 --prompts 32 \
        --max-new-tokens 31 --out "runs/e$epsilon" --resume --json > "e$epsilon.json"
    rows+=("epsilon $epsilon=runs/e$epsilon")
done
dpscribe compare --real-test "$DPSCRIBE_CORPORA/private/goemotions_dev.csv" \
    --synthetic "${rows[@]}" --label-columns label1 --label-values "$here/label-values.json" \
    --out report --json > compare.json
