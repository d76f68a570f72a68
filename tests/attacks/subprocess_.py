# A child process.
# must: crashed
# with: right
import subprocess
subprocess.run(["touch", "/tmp/interview-attack-marker/subprocess"], check=True)
