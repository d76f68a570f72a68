"""Screens of a kata's answers: a person's attempts, and ours beside them."""
