"""What is kept of deliveries: the files that came, what was made of them, and what a load did."""

from importers.models.delivery import Delivery, DeliveryFile
from importers.models.profile import Profile
from importers.models.run import ImportRun

__all__ = ["Delivery", "DeliveryFile", "ImportRun", "Profile"]
