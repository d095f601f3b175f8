"""Rasters in: any of the formats people send, to a cloud-optimised GeoTIFF on the tile grid."""
