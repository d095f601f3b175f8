"""Demonstration data: invented, plausible, marked as such, the same for the same seed and day.

Divisions' seats and the five layers are made here; parts of the application add their own through
`register_contributor` in their AppConfig.ready, so that nothing below knows of them.
"""

from layers.demonstration.contributors import Contributor, Seeding, register_contributor

__all__ = ["Contributor", "Seeding", "register_contributor"]
