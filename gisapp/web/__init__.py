"""The browser side: the shell every page stands in, the map workspace, signing in and out."""
