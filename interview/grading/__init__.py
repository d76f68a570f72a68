"""The trusted verdict."""
