// Sources of Checkpoints.
