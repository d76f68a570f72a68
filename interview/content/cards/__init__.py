"""What a deck is."""
