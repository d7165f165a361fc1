"""Benchmarks: each budget beside its floor, measured in the same run. `python -m bench` prints the table."""
