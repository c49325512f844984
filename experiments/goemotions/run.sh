#!/usr/bin/env bash
# The commands of this experiment. Needs goemotions_train.csv and goemotions_dev.csv (columns text,
# label1) in the folder $DPSCRIBE_CORPORA/private, and the release binary on the PATH.
# Usage: run.sh WORK-FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${1:?name a folder for runs and synthetic text}
train=$DPSCRIBE_CORPORA/private/goemotions_train.csv
dev=$DPSCRIBE_CORPORA/private/goemotions_dev.csv
common=(--data "$train" --label-columns label1 --label-values "$here/label-values.json"
    --dataset-size 40030 --sequence-length 32)

dpscribe finetune "${common[@]}" --epsilon 8 --delta 1e-6 --epochs 8 --batch-size 1024 \
    --learning-rate 1e-3 --out "$work/runs/epsilon-8" --json > "$work/finetune-8.json"
dpscribe finetune "${common[@]}" --epsilon inf --epochs 3 --batch-size 64 \
    --learning-rate 1e-3 --out "$work/runs/epsilon-inf" --json > "$work/finetune-inf.json"
for epsilon in 8 inf; do
    dpscribe sample --model "$work/runs/epsilon-$epsilon" --count 10000 \
        --label-distribution "$here/label-mix.json" --max-new-tokens 40 --seed 1 \
        --out "$work/epsilon-$epsilon.csv" --json > "$work/sample-$epsilon.json"
done
dpscribe compare --real-test "$dev" --real-train "$train" --label-columns label1 \
    --synthetic "finetune-8=$work/epsilon-8.csv" --synthetic "finetune-inf=$work/epsilon-inf.csv" \
    --out "$work/report" --json > "$work/compare.json"
