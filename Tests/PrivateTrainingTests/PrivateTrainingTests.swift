// Tests of PrivateTraining.
