"""The rows of a file held against the features there are: new, changed, unchanged, missing."""
