"""One submission before one suite."""
