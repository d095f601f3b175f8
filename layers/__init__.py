"""Divisions, access, the spatial models, editing and history."""
