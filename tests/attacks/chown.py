# Gives a file away.
# must: crashed
# with: right
import os
os.chown("/tmp/interview-attack-marker/victim.txt", 1, 1)
