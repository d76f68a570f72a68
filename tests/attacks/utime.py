# Changes a file's times.
# must: crashed
# with: right
import os
os.utime("/tmp/interview-attack-marker/victim.txt", (1, 1))
