# Asks for a callback by a list.
# must: crashed|failed
# with: frames
instead({"callback": [], "args": {"h": [1, "x"]}, "kwargs": 3}, load=True)
