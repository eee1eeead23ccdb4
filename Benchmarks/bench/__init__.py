"""Measures Flowmancer beside its peers. Python's standard library only."""
