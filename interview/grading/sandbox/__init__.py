"""A process without rights, and the worker in it."""
