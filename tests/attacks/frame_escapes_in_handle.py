# Terminal escapes as the type of a handle.
# must: failed
# with: frames
instead({"value": {"h": [1, "\x1b[2J" + "B" * 100000]}, "forbidden": []})
