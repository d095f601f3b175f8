"""Rasters among the deliveries: seen into, described by a person, put on the map, taken off."""
