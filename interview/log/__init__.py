"""The history: what happened, in an append-only file."""
