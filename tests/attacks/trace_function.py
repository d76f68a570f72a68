# A trace function that swallows assertions.
# must: failed
# with: wrong
import sys, threading
def trace(frame, event, arg):
    return lambda *a: None
sys.settrace(trace); threading.settrace(trace); sys.setprofile(lambda *a: None)
sys.excepthook = lambda *a: None
