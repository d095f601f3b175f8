"""The coordinate systems the service stores and draws in (domain.md, coordinates)."""

CGCS2000 = 4490
"""Stored: geographic CGCS2000, degrees, longitude first."""

WEB_MERCATOR = 3857
"""Drawn: what vector tiles are cut in, metres."""
