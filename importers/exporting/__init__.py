"""A layer into a file: what a reader may see, in the format, datum and language they ask for."""

from importers.exporting.service import export_layer
from importers.exporting.wish import ExportCancelled, ExportReport, Wish

__all__ = ["ExportCancelled", "ExportReport", "Wish", "export_layer"]
