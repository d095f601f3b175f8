"""Models of the importers."""

from importers.models.export import Export

__all__ = ["Export"]
