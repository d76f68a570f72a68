# must: failed
# source: "# \u202e\u2066\nimport torch\ndef dropout(x, p=0.5, training=True):\n    raise ValueError('\u202e\u2066\x85\u2028')\n"
