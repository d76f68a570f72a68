# A session and a process group of its own.
# must: crashed
# with: right
import os
os.setsid()
