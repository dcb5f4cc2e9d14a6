"""Benchmarks: run by hand with `make bench`, recorded in `bench/results/`, never part of the tests."""
