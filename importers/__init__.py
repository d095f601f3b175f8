"""Files in: readers, datums, matching and loading."""
