"""Whole screens, each of one value."""
