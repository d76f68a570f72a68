# A link to a file of somebody else.
# must: crashed
# with: right
import os
os.symlink("/etc/passwd", "/tmp/interview-attack-marker/link")
