// Sources of Evaluation.
