# Memory behind a descriptor.
# must: crashed
# with: right
import os
os.memfd_create('hoard')
