"""The box in which untrusted files are read."""
