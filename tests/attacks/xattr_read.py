# Reads the extended attributes of a private file.
# must: crashed
# with: right
import os
os.listxattr("/tmp/interview-attack-marker/victim.txt")
