# A GiB and a half, where one is allowed.
# must: crashed
# with: right
big = bytearray(1536 << 20)
