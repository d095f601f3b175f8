"""Runs the statements: pages of features, counts, single features. One round trip each."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import DataError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2 import sql
from psycopg2.errors import QueryCanceled

from layers.access.policy import Scope
from layers.errors import Busy, NotFound
from layers.ogc import paging, statements
from layers.ogc.collections import Collection
from layers.ogc.failures import BadFilter
from layers.ogc.listing import Listing
from layers.ogc.properties import read_value
from layers.ogc.query import Query
from layers.ogc.values import Statement
from layers.registry.specification import Layer

TIME_LIMIT_MS = 30_000
RETRY_AFTER_S = 10


@dataclass(frozen=True, slots=True)
class Page:
    """`features` is the text between the brackets of a FeatureCollection's array."""

    features: str
    returned: int
    matched: int
    next_token: str | None
    prev_token: str | None
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """`version` is None where features have none."""

    text: str
    version: int | None


def read_page(collection: Collection, query: Query, scope: Scope) -> Page:
    """One page for a reader of this scope.

    Raises BadParameter for a token of another list, BadFilter for values that overflow, Busy on
    the time limit.
    """
    listing = listing_of(collection, query, scope)
    keys = listing.keys()
    position = paging.read_token(query.token, keys) if query.token is not None else None
    found = _run(statements.page(listing, position))
    features, returned, more, first, last, matched = found
    backwards = position is not None and position.backwards
    ahead = paging.token(keys, last, backwards=backwards) if more else None
    # The page was reached from a row on its other side.
    behind = paging.token(keys, first, backwards=not backwards) if position and first else None
    after, before = (behind, ahead) if backwards else (ahead, behind)
    return Page(features or "", returned, matched, after, before, datetime.now(UTC))


def read_count(collection: Collection, query: Query, scope: Scope) -> int:
    found = _run(statements.count(listing_of(collection, query, scope)))
    return int(found[0])


def read_item(collection: Collection, query: Query, scope: Scope, key: str) -> Item:
    """Raises NotFound for what is not there and for what the scope does not cover, alike."""
    try:
        own = read_value(collection.key_type, key)
    except ValueError as error:
        raise no_such_feature() from error
    found = _run(statements.single(listing_of(collection, query, scope), own))
    if found is None:
        raise no_such_feature()
    return Item(*found)


def no_such_feature() -> NotFound:
    return NotFound(
        _("There is no such feature, or it is outside your divisions."),
        remedy=_("See the list of the collection."),
    )


def listing_of(collection: Collection, query: Query, scope: Scope) -> Listing:
    """The listing, on the layer's past where the query asks for one."""
    moment = query.period.past_moment(timezone.now()) if query.period else None
    if moment is None or collection.layer is None:
        return Listing(collection, query, scope)
    return Listing(collection, query, scope, past=_past(collection.layer, moment))


def _past(layer: Layer, moment: datetime) -> sql.Composable:
    from layers.history.as_of import relation_at

    return relation_at(layer, moment)


def _run(statement: Statement) -> Any:
    """The only row, within the time limit."""
    # Compiling a plan that walks an index costs a hundred times what it saves.
    settings = sql.SQL(
        "SET LOCAL jit = off; SET LOCAL enable_bitmapscan = {}; SET LOCAL statement_timeout = {}; "
    ).format(sql.SQL("off" if statement.walks else "on"), sql.Literal(TIME_LIMIT_MS))
    try:
        # In autocommit the two statements are a transaction of their own; within another one, a
        # statement that fails must not end that.
        with _kept_alive(), connection.cursor() as cursor:
            cursor.execute(settings + statement.text, statement.values)
            return cursor.fetchone()
    except DataError as error:
        raise BadFilter(
            _("The filter computes values beyond what numbers and moments can hold."),
            remedy=_("Compare with smaller values."),
        ) from error
    except OperationalError as error:
        if not isinstance(error.__cause__, QueryCanceled):
            raise
        raise Busy(
            _("This takes too long to read."),
            remedy=_("Ask for less at once, or try again in some seconds."),
            detail={"retry_after": RETRY_AFTER_S},
        ) from error


def _kept_alive() -> AbstractContextManager[Any]:
    return transaction.atomic() if connection.in_atomic_block else nullcontext()
