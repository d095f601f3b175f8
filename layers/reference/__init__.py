"""The shipped reference data."""

BOUNDARY_CREDIT = "行政区界：天地图　审图号 GS(2024)0650号"
"""Stands on every map that leaves the service: a published map must carry its review number."""
