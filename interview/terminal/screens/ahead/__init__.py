"""What lies ahead, on a screen."""
