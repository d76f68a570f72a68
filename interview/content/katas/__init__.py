"""What a kata is."""
