"""What is kept of deliveries, imports and exports."""

from importers.models.delivery import Delivery, DeliveryFile
from importers.models.export import Export
from importers.models.profile import Profile
from importers.models.run import ImportRun

__all__ = ["Delivery", "DeliveryFile", "Export", "ImportRun", "Profile"]
