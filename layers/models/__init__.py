"""Every table of the ground floor. Importing from here is the one way to reach them."""

from layers.models.access import Grant, Unmasking, User
from layers.models.account_event import AccountEvent
from layers.models.asset import Asset
from layers.models.chain import ChainLink, Load
from layers.models.code import CodeItem
from layers.models.division import Division
from layers.models.feature import Feature, Method, UpkeepState
from layers.models.journal import Changeset, Edit, Operation
from layers.models.order import Order, OrderState
from layers.models.plan import Plan, PlanEvent, PlannedEdit
from layers.models.raster import Raster, RasterEvent, RasterKind
from layers.models.resettlement import ResettlementSite
from layers.models.road import Road
from layers.models.submission import Submission
from layers.models.toilet import Toilet
from layers.models.token import AccessToken, FailedAttempt
from layers.models.water import WaterWork
from layers.models.zone import Zone, ZoneMember

__all__ = [
    "AccessToken",
    "AccountEvent",
    "Asset",
    "ChainLink",
    "Changeset",
    "CodeItem",
    "Division",
    "Edit",
    "FailedAttempt",
    "Feature",
    "Grant",
    "Load",
    "Method",
    "Operation",
    "Order",
    "OrderState",
    "Plan",
    "PlanEvent",
    "PlannedEdit",
    "Raster",
    "RasterEvent",
    "RasterKind",
    "ResettlementSite",
    "Road",
    "Submission",
    "Toilet",
    "Unmasking",
    "UpkeepState",
    "User",
    "WaterWork",
    "Zone",
    "ZoneMember",
]
