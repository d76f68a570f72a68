# Terminal escapes in a warning, in an exception that nobody can raise, and in one of a thread named so.
# must: failed
# with: wrong
import sys
import threading
import warnings
warnings.warn("\x1b[2J\u202e passed", stacklevel=1)
class Broken:
    def __del__(self): raise ValueError("\x1b]0;owned\x07")
Broken()
thread = threading.Thread(target=lambda: 1 / 0, name="\x1b[31m\u2066")
thread.start()
thread.join()
sys.excepthook(ValueError, ValueError("\x9b2J"), None)
