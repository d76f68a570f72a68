# Writes an extended attribute.
# must: crashed
# with: right
import os
os.setxattr("/tmp/interview-attack-marker/victim.txt", "user.attack", b"1")
