# SystemExit(0) while loading.
# must: crashed
# with: right
import sys
sys.exit(0)
