"""How a file of content is read, and what can be wrong with it."""
