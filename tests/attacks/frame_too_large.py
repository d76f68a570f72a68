# An answer whose header is larger than a frame's may be.
# must: crashed
# with: frames
instead({"value": [[0] * 1000] * 1000, "forbidden": []})
