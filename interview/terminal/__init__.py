"""Values in, lines out."""
