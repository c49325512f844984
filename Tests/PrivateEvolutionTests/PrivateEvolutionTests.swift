// Tests of PrivateEvolution.
