# Plants a .pth in site-packages.
# must: crashed
# with: right
import os, sysconfig
path = os.path.join(sysconfig.get_path("purelib"), "interview-attack-marker.pth")
with open(path, "x") as file:
    file.write("# harmless")
os.unlink(path)
