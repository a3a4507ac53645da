"""Bench: how often the coach is right, measured on clips with known truth through the whole chain.

Run ``python -m tests.lab.bench`` (``make accuracy``); ``--quick`` judges the small recorded set of the repository.
"""
