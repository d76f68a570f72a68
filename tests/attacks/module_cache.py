# Writes a compiled module into the standard library's cache.
# must: crashed
# with: right
import os
folder = os.path.join(os.path.dirname(os.__file__), "__pycache__")
open(os.path.join(folder, "interview-attack-marker.pyc"), "xb").close()
