"""The judge's end of the wire."""
