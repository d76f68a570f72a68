# Folders within folders, at most three of the 1,500.
# must: crashed
# with: right
import os
path = "/tmp/interview-attack-marker"
for _ in range(3):
    path += "/deep"
    os.mkdir(path)
