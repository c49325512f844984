// Sources of PrivateTraining.
