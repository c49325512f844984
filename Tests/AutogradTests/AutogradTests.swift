// Tests of Autograd.
