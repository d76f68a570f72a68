# Asks for a callback that nobody sent.
# must: crashed|failed
# with: frames
instead({"callback": 0, "args": [], "kwargs": {"d": []}})
