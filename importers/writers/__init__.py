"""Files out: one format a file, one interface."""
