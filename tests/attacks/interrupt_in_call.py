# Interrupts itself in each call.
# must: failed|crashed
import os, signal
def dropout(*a, **k):
    os.kill(os.getpid(), signal.SIGINT)
