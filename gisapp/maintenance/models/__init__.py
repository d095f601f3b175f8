"""Upkeep: the rules, what was done, and what is broken."""

from gisapp.maintenance.models.defect import Defect, Severity
from gisapp.maintenance.models.record import UpkeepOutcome, UpkeepRecord
from gisapp.maintenance.models.rule import UpkeepRule

__all__ = ["Defect", "Severity", "UpkeepOutcome", "UpkeepRecord", "UpkeepRule"]
