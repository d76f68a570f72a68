# A source with a null byte.
# must: crashed
# source: "x = 1" + chr(0)

