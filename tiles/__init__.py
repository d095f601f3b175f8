"""Vector tiles over live features, and raster tiles."""
