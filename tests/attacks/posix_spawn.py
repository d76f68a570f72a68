# A child process by posix_spawn.
# must: crashed
# with: right
import os
os.waitpid(os.posix_spawn("/bin/touch", ["touch", "/tmp/interview-attack-marker/spawn"], {}), 0)
