# A file without a name.
# must: crashed
# with: right
import os
os.open("/tmp", os.O_TMPFILE | os.O_RDWR)
