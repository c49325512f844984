#!/usr/bin/env bash
# Private Evolution and DP fine-tuning side by side: epsilon 1, 4, 8, inf, three independent runs each.
# Needs goemotions_train.csv and goemotions_dev.csv (columns text, label1) in the folder
# $DPSCRIBE_CORPORA/private, and the release binary on the PATH. A cell takes at most 40 minutes on two
# cores; a cell that is finished is skipped, one that was stopped goes on.
# Usage: run.sh WORK-FOLDER
set -euo pipefail
labels=$(cd "$(dirname "$0")/../goemotions" && pwd)
work=${1:?name a folder for runs and synthetic text}
train=$DPSCRIBE_CORPORA/private/goemotions_train.csv
dev=$DPSCRIBE_CORPORA/private/goemotions_dev.csv
common=(--data "$train" --label-columns label1 --label-values "$labels/label-values.json"
    --dataset-size 40030)
count=5000
sweep=$work/sweep.yaml
mkdir -p "$work"

evolve_cell() { # NAME EPSILON
    local out=$work/runs/$1
    dpscribe evolve "${common[@]}" --epsilon "$2" --delta 1e-6 --iterations 8 --count $count \
        --variations 4 --max-new-tokens 31 --label-distribution "$labels/label-mix.json" \
        --out "$out" --resume --json > "$work/$1.json"
    # The whole course, for the figure that says whether iterations help.
    for iteration in "$out"/iteration-*; do
        echo "- {name: evolve-$1-course, epsilon: $2, delta: 1.0e-6, path: $iteration/synthetic.csv}"
    done > "$work/$1-course.yaml"
    echo "- {name: evolve, epsilon: $2, delta: 1.0e-6, path: $out/synthetic.csv}" >> "$sweep"
}

finetune_cell() { # NAME EPSILON EPOCHS BATCH
    local out=$work/runs/$1
    dpscribe finetune "${common[@]}" --epsilon "$2" --delta 1e-6 --epochs "$3" --batch-size "$4" \
        --learning-rate 1e-3 --sequence-length 32 --out "$out" --resume --json > "$work/$1.json"
    dpscribe sample --model "$out" --count $count --label-distribution "$labels/label-mix.json" \
        --max-new-tokens 31 --out "$work/$1.csv" --json > "$work/$1-sample.json"
    echo "- {name: finetune, epsilon: $2, delta: 1.0e-6, path: $work/$1.csv}" >> "$sweep"
}

: > "$sweep"
for run in 1 2 3; do
    for epsilon in 1 4 8 inf; do
        evolve_cell "evolve-$epsilon-$run" "$epsilon"
        case $epsilon in
        inf) finetune_cell "finetune-$epsilon-$run" "$epsilon" 3 64 ;;
        *) finetune_cell "finetune-$epsilon-$run" "$epsilon" 8 1024 ;;
        esac
    done
done
dpscribe compare --real-test "$dev" --real-train "$train" --label-columns label1 \
    --label-values "$labels/label-values.json" --sweep "$sweep" \
    --out "$work/report" --json > "$work/compare.json"
# Internal: does the similarity to private text grow over the iterations?
dpscribe compare --real-test "$dev" --label-columns label1 \
    --label-values "$labels/label-values.json" --sweep "$work/evolve-4-1-course.yaml" \
    --out "$work/course" --json > "$work/course.json"
