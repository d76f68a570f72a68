# A second name for a history.
# must: crashed
# with: right
import os
os.link("/tmp/interview-attack-marker/home/history.db", "/tmp/interview-attack-marker/again")
