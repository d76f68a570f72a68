"""Decks and history, out and in."""
