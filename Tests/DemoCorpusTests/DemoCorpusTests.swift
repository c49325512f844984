// Tests of DemoCorpus.
