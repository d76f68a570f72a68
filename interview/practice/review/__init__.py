"""The history folded into what is known of each card, and a sitting written into it."""
