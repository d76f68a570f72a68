# Truncates a history by name.
# must: crashed
# with: right
import os
os.truncate("/tmp/interview-attack-marker/home/history.db", 0)
