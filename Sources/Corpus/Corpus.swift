// Sources of Corpus.
