# Prints and writes a perfect junit.xml.
# must: failed
# with: wrong
XML = '<testsuites><testsuite errors="0" failures="0" tests="19"/></testsuites>'
print(XML)
try:
    open("/tmp/interview-attack-marker/junit.xml", "w").write(XML)
except OSError:
    pass
