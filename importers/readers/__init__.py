"""Readers: one format a file, all with the interface of `specification`."""
