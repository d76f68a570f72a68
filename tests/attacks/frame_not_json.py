# A header that is not JSON.
# must: crashed
# with: frames
instead(b"{not json", load=True)
