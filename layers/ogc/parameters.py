"""Query parameters, read strictly: what is unknown, doubled or unreadable is refused (Part 1,
/req/core/query-param-unknown and -invalid)."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from layers.ogc.collections import Collection
from layers.ogc.cql2 import READERS, Expression
from layers.ogc.failures import BadParameter
from layers.ogc.moments import read_period
from layers.ogc.places import read_boxes
from layers.ogc.properties import Property
from layers.ogc.query import DEFAULT_LIMIT, MOST_ITEMS, Query, Sort
from layers.ogc.reference_systems import CRS84, CRS84H_URI, ReferenceSystem, reference_systems

FORMAT = "f"
ITEMS = (
    "limit",
    "token",
    "bbox",
    "bbox-crs",
    "crs",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "properties",
    "sortby",
    "skipGeometry",
)
ITEM = ("crs", "datetime")


def known_only(request: HttpRequest, names: Iterable[str]) -> dict[str, str]:
    """The parameters of a request. Raises BadParameter for others, and for one given twice."""
    allowed = {FORMAT, *names}
    parameters: QueryDict = request.GET
    for name, given in parameters.lists():
        if name not in allowed:
            raise BadParameter(
                name[:60],
                _("There is no parameter “%(name)s” here.") % {"name": name[:60]},
                remedy=_("The parameters are: %(names)s") % {"names": ", ".join(sorted(allowed))},
            )
        if len(given) > 1:
            raise BadParameter(name, _("“%(name)s” is given more than once.") % {"name": name})
        if "\x00" in given[0]:
            raise _unreadable(name)
    return {name: given[0] for name, given in parameters.lists()}


def read_query(request: HttpRequest, collection: Collection) -> Query:
    """Raises BadParameter or BadFilter."""
    given = known_only(request, (*ITEMS, *collection.by_name))
    bbox_crs = _crs(given, "bbox-crs")
    return Query(
        limit=_limit(given),
        crs=_crs(given, "crs"),
        boxes=read_boxes(given["bbox"], bbox_crs) if "bbox" in given else None,
        period=read_period(given["datetime"]) if "datetime" in given else None,
        equals=tuple(
            (each, _value(each, given[each.name]))
            for each in collection.properties
            if each.name in given
        ),
        filter=_filter(given),
        filter_crs=_crs(given, "filter-crs"),
        sort=_sort(given, collection),
        properties=_properties(given, collection),
        geometry=not _flag(given, "skipGeometry"),
        token=given.get("token"),
    )


def read_item_query(request: HttpRequest) -> Query:
    """The parameters of one feature: its reference system and the moment."""
    given = known_only(request, ITEM)
    return Query(
        crs=_crs(given, "crs"),
        period=read_period(given["datetime"]) if "datetime" in given else None,
    )


def crs_named(uri: str) -> ReferenceSystem | None:
    """Also in safe CURIE form, and CRS84 with heights, for there are none."""
    if uri.startswith("[EPSG:") and uri.endswith("]"):
        uri = f"http://www.opengis.net/def/crs/EPSG/0/{uri[6:-1]}"
    if uri in {CRS84H_URI, "[OGC:CRS84]"}:
        return CRS84
    return reference_systems().get(uri.replace("https://", "http://", 1))


def _crs(given: dict[str, str], name: str) -> ReferenceSystem:
    if name not in given:
        return CRS84
    found = crs_named(given[name])
    if found is None:
        raise BadParameter(
            name,
            _("The reference system is not offered."),
            remedy=_("The collection lists those that are, by their URIs."),
        )
    return found


def _limit(given: dict[str, str]) -> int:
    """More than the most is not an error (/req/core/fc-limit-response-1, C)."""
    text = given.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdigit()) or not text.lstrip("0"):
        raise BadParameter(
            "limit",
            _("The limit cannot be read."),
            remedy=_("Send a number from 1 to %(most)d.") % {"most": MOST_ITEMS},
        )
    return MOST_ITEMS if len(text) > 9 else min(int(text), MOST_ITEMS)


def _value(each: Property, text: str) -> Any:
    try:
        return each.read(text)
    except ValueError as error:
        raise _unreadable(each.name) from error


def _filter(given: dict[str, str]) -> Expression | None:
    language = given.get("filter-lang", "cql2-text")
    if language not in READERS:
        raise BadParameter(
            "filter-lang",
            _("The filter language is not offered."),
            remedy=_("The languages are: %(names)s") % {"names": ", ".join(READERS)},
        )
    return READERS[language](given["filter"]) if "filter" in given else None


def _named(name: str, parameter: str, collection: Collection) -> Property:
    found = collection.by_name.get(name)
    if found is None:
        raise BadParameter(
            parameter,
            _("The collection has no property “%(name)s”.") % {"name": name[:60]},
            remedy=_("See the schema of the collection."),
        )
    return found


def _sort(given: dict[str, str], collection: Collection) -> tuple[Sort, ...]:
    """`sortby=name,-updated_at`; a plus may have become a space on its way in the address."""
    found: dict[str, Sort] = {}
    for part in given["sortby"].split(",") if "sortby" in given else ():
        name = part.lstrip("+- ")
        if len(part) - len(name) > 1:
            raise _unreadable("sortby")
        each = _named(name, "sortby", collection)
        found.setdefault(name, Sort(each, part.startswith("-")))
    return tuple(found.values())


def _properties(given: dict[str, str], collection: Collection) -> tuple[Property, ...] | None:
    if "properties" not in given:
        return None
    names = [name for name in given["properties"].split(",") if name]
    return tuple({name: _named(name, "properties", collection) for name in names}.values())


def _flag(given: dict[str, str], name: str) -> bool:
    text = given.get(name, "false")
    if text not in {"true", "false"}:
        raise _unreadable(name)
    return text == "true"


def _unreadable(name: str) -> BadParameter:
    return BadParameter(
        name,
        _("The value of “%(name)s” cannot be read.") % {"name": name},
        remedy=_("See /ogc/api for its type."),
    )
