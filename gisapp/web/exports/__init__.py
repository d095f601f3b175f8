"""The page of exports: ask for a file, follow it, fetch it; templates to fill in."""
