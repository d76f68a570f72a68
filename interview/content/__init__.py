"""Decks and katas as frozen values."""
