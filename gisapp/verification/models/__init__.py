"""What inspectors found on the spot."""

from gisapp.verification.models.photo import Photo
from gisapp.verification.models.visit import PositionSource, Verdict, Visit

__all__ = ["Photo", "PositionSource", "Verdict", "Visit"]
