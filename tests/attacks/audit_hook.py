# An audit hook that answers every event by an exception.
# must: failed|crashed
# with: wrong
import sys
def hook(event, arguments):
    if event not in ("object.__getattr__",):
        raise RuntimeError("\x1b[2J")
sys.addaudithook(hook)
