"""Prepare for machine-learning interviews in a terminal, offline."""

__version__ = "0.1.0"
