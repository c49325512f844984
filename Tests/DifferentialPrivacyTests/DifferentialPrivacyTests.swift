// Tests of DifferentialPrivacy.
