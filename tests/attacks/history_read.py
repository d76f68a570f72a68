# Reads a history into its error text.
# must: crashed
raise RuntimeError(open("/tmp/interview-attack-marker/home/history.db", "rb").read())
