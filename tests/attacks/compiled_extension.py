# Compiles an extension and loads it.
# must: crashed
# with: right
from torch.utils.cpp_extension import load_inline
load_inline("attack", cpp_sources="int f() { return 1; }", functions=["f"], build_directory="/tmp/interview-attack-marker")
