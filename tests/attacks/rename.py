# Renames a history.
# must: crashed
# with: right
import os
os.rename("/tmp/interview-attack-marker/home/history.db", "/tmp/interview-attack-marker/home/moved.db")
