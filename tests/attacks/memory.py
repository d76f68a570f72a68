# Asks for four GiB, touched lazily.
# must: crashed
# with: right
big = bytearray(4 << 30)
