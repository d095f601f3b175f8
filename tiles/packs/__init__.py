"""Offline packs: the map of an area as PMTiles files, for places without a signal."""
