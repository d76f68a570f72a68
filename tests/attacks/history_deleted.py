# Deletes a history.
# must: crashed
# with: right
import os
os.unlink("/tmp/interview-attack-marker/home/history.db")
