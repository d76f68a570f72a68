"""The right answer and one's own: how like they are, and when it may be seen."""
