# A function whose signature is a text of escapes, and whose name and file are others.
# must: failed|crashed
# with: wrong
import inspect
honest = dropout
def dropout(*args, **kwargs): return honest(*args, **kwargs)
dropout.__signature__ = "\x1b[2J"
dropout.__name__ = "\x1b[31m"
dropout.__code__ = dropout.__code__.replace(co_filename="hidden.py", co_name="test_\x1b")
