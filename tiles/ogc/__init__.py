"""OGC API - Tiles, Part 1: the collections of /ogc/ as vector tiles, under the one policy."""
