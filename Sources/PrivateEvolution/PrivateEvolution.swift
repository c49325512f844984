// Sources of PrivateEvolution.
