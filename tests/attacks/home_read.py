# Reads a private file in HOME.
# must: crashed
import os
home = os.path.expanduser("~")
for folder in (home, "/tmp/interview-attack-marker/home", "/root", "/home"):
    try:
        names = os.listdir(folder)
    except OSError:
        continue
    raise RuntimeError(open(os.path.join(folder, names[0])).read())
raise PermissionError
