"""The schedule and the sitting, as values."""
