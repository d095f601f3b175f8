"""OGC API - Features: the layers for every GIS client, under the one policy."""
