// Sources of DifferentialPrivacy.
