# Reads address zero.
# must: crashed
# with: right
import ctypes
ctypes.string_at(0)
