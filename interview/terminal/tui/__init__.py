"""The device: keys, the screen, signals."""
