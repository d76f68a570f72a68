# SystemExit(0) in each call.
# must: failed
import sys
def dropout(*a, **k):
    sys.exit(0)
