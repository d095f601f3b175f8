"""Raster tiles: blocks of cloud-optimised files, drawn as pictures, heights or classes."""
