# Sets PYTEST_ADDOPTS, PYTEST_PLUGINS, PYTHONPATH and LD_PRELOAD.
# must: failed
# with: wrong
import os
os.environ.update(PYTEST_ADDOPTS="--collect-only", PYTEST_PLUGINS="nothing", PYTHONPATH="/tmp", LD_PRELOAD="/tmp/x.so", PYTHONSTARTUP="/tmp/x.py")
