"""A query on a collection for one reader: how it is read, and what a feature must meet.

A page is read in one of two ways. Walked: from spans of an index, in the index's order: places in
a box by their Morton codes, places of a limited scope by their divisions. Gathered: found by any
index and sorted, for lines, sorted lists and past states.
"""

from dataclasses import dataclass

from psycopg2 import sql

from layers.access.policy import Scope
from layers.ogc import morton
from layers.ogc.collections import GEOMETRY, Collection
from layers.ogc.cql2.compilation import Compiler
from layers.ogc.morton import Span
from layers.ogc.paging import Key
from layers.ogc.properties import Property, Type
from layers.ogc.query import Query
from layers.ogc.values import Values


@dataclass(frozen=True, slots=True)
class Listing:
    """`past` is the relation of an earlier moment."""

    collection: Collection
    query: Query
    scope: Scope
    past: sql.Composable | None = None

    @property
    def relation(self) -> sql.Composable:
        return self.past or self.collection.relation

    @property
    def _by_index(self) -> bool:
        return self.collection.layer is not None and not self.query.sort and self.past is None

    @property
    def walks_places(self) -> bool:
        return self._by_index and self.query.boxes is not None and self.collection.points

    @property
    def walks_divisions(self) -> bool:
        return self._by_index and self.query.boxes is None and not self.scope.everything

    @property
    def walks(self) -> bool:
        return self.walks_places or self.walks_divisions

    def keys(self) -> list[Key]:
        """What the page is sorted by; the last key is the feature's own, so no two are equal."""
        name, kind = self.collection.key, self.collection.key_type
        own = Key(name, column(name), kind, nullable=False)
        if self.walks_places:
            return [Key("place", column("morton"), Type.INTEGER), own]
        if self.walks_divisions:
            return [Key("division", column("division"), Type.TEXT, nullable=False), own]
        if self.query.boxes is not None and self.collection.layer and not self.query.sort:
            # Not by the index of ids: it would be read from its start for a box at its end.
            own = Key(name, sql.SQL("({} + 0)").format(column(name)), kind, nullable=False)
        sorts = self.query.sort
        return [
            *(
                Key(s.property.name, value(s.property), s.property.type, s.descending)
                for s in sorts
            ),
            own,
        ]

    def place_spans(self) -> list[Span]:
        """Morton codes that cover the boxes. Inside them only where the edges are straight."""
        return morton.merged(
            span if box.straight else Span(span.first, span.last, inside=False)
            for box in self.query.boxes or ()
            for span in morton.spans(*box.in_degrees)
        )

    def columns(self) -> sql.Composable:
        """What a page needs of a row; a sealed box of personal data is not among it."""
        names = [self.collection.key, "geom", "geom_3857"]
        if self.collection.layer:
            names += ["division"]
            if self.walks_places:
                names += ["morton"]
        returned = self.query.properties
        wanted = self.collection.properties if returned is None else returned
        names += [each.name for each in (*wanted, *(sort.property for sort in self.query.sort))]
        return sql.SQL(", ").join(column(name) for name in dict.fromkeys(names))

    def conditions(self, values: Values, *, boxes: bool = True) -> list[sql.Composable]:
        """The policy, the bbox, the period, the properties and the filter; `boxes` False where
        the caller has the box's conditions itself."""
        found: list[sql.Composable] = []
        if self.collection.layer and not self.scope.everything:
            found.append(values.scope(self.scope, "feature.division"))
        if boxes and self.query.boxes is not None:
            # A feature without a place matches every box (/req/core/fc-bbox-response, C).
            near = [
                box.condition(values, points=self.collection.points) for box in self.query.boxes
            ]
            choices = sql.SQL(" OR ").join([*near, sql.SQL("feature.geom_3857 IS NULL")])
            found.append(sql.SQL("({})").format(choices))
        found += self._in_force(values)
        for each, wanted in self.query.equals:
            asked = column(each.name) if wanted != "" else value(each)
            found.append(sql.SQL("{} = {}").format(asked, values.bind(wanted)))
        if self.query.filter is not None:
            properties, crs = self.collection.by_name, self.query.filter_crs
            found.append(Compiler(properties, GEOMETRY, crs, values).condition(self.query.filter))
        return found

    def in_boxes(self, values: Values) -> sql.Composable:
        """The exact condition for points that an index has brought near."""
        exact = [box.exact_for_points(values) for box in self.query.boxes or ()]
        return sql.SQL("({})").format(sql.SQL(" OR ").join(exact))

    def _in_force(self, values: Values) -> list[sql.Composable]:
        """Divisions and zones have days of validity; a layer's past is another relation."""
        period = self.query.period
        if period is None or self.collection.layer:
            return []
        bounds = [("valid_from", "<=", period.last_day), ("valid_to", ">=", period.first_day)]
        return [
            sql.SQL("({column} IS NULL OR {column} {sign} {day})").format(
                column=column(name), sign=sql.SQL(sign), day=values.bind(day)
            )
            for name, sign, day in bounds
            if day is not None
        ]


def column(name: str) -> sql.Composable:
    return sql.SQL("feature.{}").format(sql.Identifier(name))


def value(each: Property) -> sql.Composable:
    """A property as it is served: an empty text is no value."""
    if each.type is Type.TEXT:
        return sql.SQL("NULLIF({}, '')").format(column(each.name))
    return column(each.name)
