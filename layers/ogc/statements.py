"""The SQL of pages, counts and single features, built by pure functions (run by items.py)."""

from collections.abc import Sequence
from typing import Any, cast

from psycopg2 import sql

from layers.ogc import morton, paging
from layers.ogc.collections import FOLDER, Collection
from layers.ogc.listing import Listing, column, value
from layers.ogc.morton import Span
from layers.ogc.paging import Key, Position
from layers.ogc.places import column_in
from layers.ogc.properties import Property
from layers.ogc.query import Query
from layers.ogc.values import Statement, Values, all_of
from layers.sql_files import packaged_sql

PIECES = 800
"""Into how many pieces a walk is cut for a reader of a limited scope."""

ALWAYS = sql.SQL("true")


def _composed(name: str, **parts: sql.Composable) -> sql.Composed:
    return sql.SQL(packaged_sql(name, FOLDER)).format(**parts)


def page(listing: Listing, position: Position | None) -> Statement:
    """One page after the position, with the number of all that match."""
    values = Values()
    query, keys = listing.query, listing.keys()
    backwards = position is not None and position.backwards
    text = _composed(
        "page",
        feature=_feature(listing.collection, query),
        direction=sql.SQL("ORDER BY position DESC" if backwards else ""),
        limit=sql.Literal(query.limit),
        keys=paging.row_of_keys(keys),
        matched=_count(listing, values),
        rows=_rows(listing, keys, position, values),
        properties=_attributes(listing.collection, query),
    )
    return Statement(text, values.named, walks=listing.walks)


def count(listing: Listing) -> Statement:
    values = Values()
    return Statement(_count(listing, values), values.named, walks=listing.walks)


def single(listing: Listing, key: Any) -> Statement:
    """One feature by its key, if the reader may see it."""
    values = Values()
    collection, query = listing.collection, listing.query
    own = sql.SQL("{} = {}").format(column(collection.key), values.bind(key))
    text = _composed(
        "feature",
        feature=_feature(collection, query),
        version=column("version") if collection.layer else sql.SQL("NULL"),
        relation=listing.relation,
        properties=_attributes(collection, query),
        conditions=all_of([own, *listing.conditions(values)]),
    )
    return Statement(text, values.named)


def _rows(
    listing: Listing, keys: Sequence[Key], position: Position | None, values: Values
) -> sql.Composable:
    """At most one row more than the page, in its order (or, backwards, the reverse)."""
    backwards = position is not None and position.backwards
    if listing.walks_places:
        arms = _walked_places(listing, keys, position, values)
    elif listing.walks_divisions:
        arms = [_walked_divisions(listing, keys, position, values)]
    else:
        conditions = listing.conditions(values)
        if position is not None:
            conditions.append(paging.after(keys, position, values))
        arms = [_gathered(listing, keys, conditions, backwards=backwards)]
    # The arms follow one another: a plan appends them in their order.
    return sql.SQL("{} LIMIT {}").format(
        sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT arm.* FROM ({}) AS arm").format(arm) for arm in arms
        ),
        sql.Literal(listing.query.limit + 1),
    )


def _gathered(
    listing: Listing, keys: Sequence[Key], conditions: list[sql.Composable], *, backwards: bool
) -> sql.Composable:
    return _composed(
        "gathered",
        columns=listing.columns(),
        relation=listing.relation,
        conditions=all_of(conditions),
        ordering=paging.ordering(keys, backwards=backwards),
        limit=sql.Literal(listing.query.limit + 1),
    )


def _walked_places(
    listing: Listing, keys: Sequence[Key], position: Position | None, values: Values
) -> list[sql.Composable]:
    """The features with a place by their codes, and behind them those without."""
    _place, own = keys
    backwards = position is not None and position.backwards
    at, at_own = position.keys if position is not None else (None, None)
    spans = listing.place_spans()
    conditions = [
        sql.SQL("(span.inside OR {})").format(listing.in_boxes(values)),
        *listing.conditions(values, boxes=False),
    ]
    placeless = [sql.SQL("feature.morton IS NULL"), *listing.conditions(values, boxes=False)]
    if position is not None and at is not None:
        conditions.append(paging.after(_present(keys), position, values))
        spans = [each for each in spans if (each.first <= at if backwards else each.last >= at)]
    elif position is not None:
        placeless.append(paging.after([own], Position((at_own,), backwards), values))
    if not listing.scope.everything:
        spans = morton.split(spans, PIECES) if spans else []
    arms = []
    if spans and (position is None or at is not None or backwards):
        ordering = paging.ordering(_present(keys), backwards=backwards)
        ordered = spans[:: -1 if backwards else 1]
        worthwhile = _worthwhile(listing, values)
        arms.append(_walked(listing, "morton", ordered, conditions, ordering, worthwhile))
    if not (backwards and at is not None):
        arms.append(_gathered(listing, [own], placeless, backwards=backwards))
    return arms[:: -1 if backwards else 1]


def _worthwhile(listing: Listing, values: Values) -> sql.Composable:
    """Only for a limited scope: without limits every span is."""
    if listing.scope.everything:
        return ALWAYS
    return _composed(
        "worthwhile",
        relation=listing.relation,
        column=sql.Identifier("morton"),
        scope=values.scope(listing.scope, "feature.division"),
    )


def _present(keys: Sequence[Key]) -> list[Key]:
    """The keys where none is null: an index is compared as a row then."""
    return [Key(key.name, key.expression, key.type, nullable=False) for key in keys]


def _walked_divisions(
    listing: Listing, keys: Sequence[Key], position: Position | None, values: Values
) -> sql.Composable:
    backwards = position is not None and position.backwards
    spans = listing.scope.ranges()
    conditions = listing.conditions(values)
    if position is not None:
        at = position.keys[0]
        spans = [(low, high) for low, high in spans if (low <= at if backwards else high >= at)]
        conditions.append(paging.after(keys, position, values))
    ordering = paging.ordering(keys, backwards=backwards)
    ordered = spans[:: -1 if backwards else 1] or [("", "")]
    return _walked(listing, "division", ordered, conditions, ordering)


def _walked(
    listing: Listing,
    name: str,
    spans: Sequence[Span] | Sequence[tuple[str, str]],
    conditions: list[sql.Composable],
    ordering: sql.Composable,
    worthwhile: sql.Composable = ALWAYS,
) -> sql.Composable:
    return _composed(
        "walked",
        spans=_spans(spans),
        worthwhile=worthwhile,
        columns=listing.columns(),
        relation=listing.relation,
        column=sql.Identifier(name),
        conditions=all_of(conditions),
        ordering=ordering,
        limit=sql.Literal(listing.query.limit + 1),
    )


def _spans(spans: Sequence[Span] | Sequence[tuple[str, str]]) -> sql.Composable:
    """Rows of a VALUES list; what stands in them is computed here, never a user's."""
    if isinstance(spans[0], Span):
        # Hundreds of numbers: as one text, for composing each by itself takes milliseconds.
        codes = cast("Sequence[Span]", spans)
        return sql.SQL(", ".join(f"({a:d}::bigint, {b:d}::bigint, {c})" for a, b, c in codes))
    return sql.SQL(", ").join(
        sql.SQL("({}::text, {}::text, true)").format(sql.Literal(span[0]), sql.Literal(span[1]))
        for span in spans
    )


def _count(listing: Listing, values: Values) -> sql.Composable:
    """The number of all that match, exactly."""
    if listing.walks_places:
        return _count_of_places(listing, values)
    conditions = listing.conditions(values)
    if listing.walks_divisions:
        spans = listing.scope.ranges() or [("", "")]
        return _counted(listing, "division", spans, conditions)
    return sql.SQL("SELECT count(*) FROM {} AS feature WHERE {}").format(
        listing.relation, all_of(conditions)
    )


def _count_of_places(listing: Listing, values: Values) -> sql.Composable:
    others = listing.conditions(values, boxes=False)
    spans = listing.place_spans()
    inside = [span for span in spans if span.inside]
    edge = [span for span in spans if not span.inside]
    placeless = sql.SQL("SELECT count(*) FROM {} AS feature WHERE {}").format(
        listing.relation, all_of([sql.SQL("feature.morton IS NULL"), *others])
    )
    parts: list[sql.Composable] = [placeless]
    if inside:
        parts.append(_counted(listing, "morton", inside, others))
    if edge:
        parts.append(_counted(listing, "morton", edge, [listing.in_boxes(values), *others]))
    return sql.SQL("SELECT {}").format(
        sql.SQL(" + ").join(sql.SQL("({})").format(part) for part in parts)
    )


def _counted(
    listing: Listing,
    name: str,
    spans: Sequence[Span] | Sequence[tuple[str, str]],
    conditions: list[sql.Composable],
) -> sql.Composable:
    return _composed(
        "counted",
        spans=_spans(spans),
        relation=listing.relation,
        column=sql.Identifier(name),
        conditions=all_of(conditions),
    )


def _feature(collection: Collection, query: Query) -> sql.Composable:
    """The text of one GeoJSON feature."""
    return sql.SQL(
        """'{{"type":"Feature","id":' || {key} || ',"geometry":' || {geometry}"""
        """ || ',"properties":' || {properties} || '}}'"""
    ).format(
        key=sql.SQL("to_json({})::text").format(column(collection.key)),
        geometry=_geometry(query),
        properties=sql.SQL("'{}'" if query.properties == () else "row_to_json(attributes)::text"),
    )


def _geometry(query: Query) -> sql.Composable:
    """In the axis order of the registry, with a tenth of a millimetre."""
    if not query.geometry:
        return sql.SQL("'null'")
    place = column_in(query.crs)
    if query.crs.swapped:
        place = sql.SQL("ST_FlipCoordinates({})").format(place)
    text = sql.SQL("ST_AsGeoJSON({}, {}, 0)").format(place, sql.Literal(query.crs.digits))
    return sql.SQL("COALESCE({}, 'null')").format(text)


def _attributes(collection: Collection, query: Query) -> sql.Composable:
    wanted: Sequence[Property] = (
        collection.properties if query.properties is None else query.properties
    )
    if not wanted:
        return sql.SQL("1")
    return sql.SQL(", ").join(
        sql.SQL("{} AS {}").format(value(each), sql.Identifier(each.name)) for each in wanted
    )
