"""The past: a layer as it was, the versions of a feature, what changed between them."""
