# Ends with code 0 in the first call.
# must: crashed
import os
def dropout(*a, **k):
    os._exit(0)
