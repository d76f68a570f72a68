# Reads the hidden suite whose path it was told.
# must: crashed
raise RuntimeError(open("/tmp/interview-attack-marker/katas/dropout/hidden.py").read()[-1500:])
