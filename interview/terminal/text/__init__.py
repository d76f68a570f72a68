"""Text as cells of a terminal."""
