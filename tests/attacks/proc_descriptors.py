# Opens the descriptors of the judge through /proc.
# must: crashed
# with: right
import os
os.listdir(f"/proc/{os.getppid()}/fd")
