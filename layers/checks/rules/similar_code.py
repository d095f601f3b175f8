"""One code written two ways. The same code twice the database refuses already."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _
from psycopg2 import sql

from layers.access.policy import Scope
from layers.checks.rows import place_of, query, rows_of, suspects
from layers.checks.specification import Issue, Judged, Rule, Severity, Stamp, Subject
from layers.checks.window import Window
from layers.editing.rows import GEOMETRY
from layers.registry.specification import Label, Layer

STAMP = Stamp("similar-code", Severity.WARNING, field="code")
_SPACE = re.compile(r"\s")


class Holder(NamedTuple):
    feature_id: int
    code: str


def plain(code: str) -> str:
    """Upper case, half width, no spaces. (SQL twin: sql/similar_codes.sql.)"""
    return _SPACE.sub("", unicodedata.normalize("NFKC", code)).upper()


def compare(layer: Layer, subjects: Sequence[Subject], scope: Scope) -> Judged:
    """Against each other and against rows that have the code plain, or in lower case: what the
    unique index finds. Other spellings wait for the run over the whole layer."""
    groups: dict[str, list[int]] = defaultdict(list)
    for index, each in enumerate(subjects):
        if code := _code(each):
            groups[plain(code)].append(index)
    known = _holders(layer, groups, scope)
    for key, members in groups.items():
        written = {index: (subjects[index].feature_id, _code(subjects[index])) for index in members}
        for index, own in written.items():
            others = [*(written[each] for each in members if each != index), *known.get(key, ())]
            differing = {each for each in others if each[1] != own[1] and each[0] != (own[0] or 0)}
            if differing:
                yield index, _issue(layer, [own, *differing], subjects[index])


def _code(subject: Subject) -> str:
    return str(subject.state["code"] or "")


def find(layer: Layer, window: Window) -> Iterator[Issue]:
    if not window.ordered:
        # A few rows: what the unique index finds must do, a pass over all codes takes too long.
        yield from _find_few(layer, window)
        return
    table, visible = sql.Identifier(layer.table), window.condition("t")
    statement = query("similar_codes", table=table, visible=visible)
    for ids, codes, geom in rows_of(statement):
        first = Subject(ids[0], None, {GEOMETRY: geom})
        yield _issue(layer, list(zip(ids, codes, strict=True)), first)


def _find_few(layer: Layer, window: Window) -> Iterator[Issue]:
    subjects = list(suspects(layer, window, sql.SQL("TRUE"), ("code",)))
    return (issue for _index, issue in compare(layer, subjects, window.scope))


def _holders(layer: Layer, keys: Iterable[str], scope: Scope) -> dict[str, list[Holder]]:
    spellings = sorted({each for key in keys for each in (key, key.lower())})
    statement = sql.SQL("SELECT t.id, t.code FROM {} AS t WHERE t.code = ANY({}) AND {}").format(
        sql.Identifier(layer.table), sql.Literal(spellings), Window(scope).visible("t")
    )
    found: dict[str, list[Holder]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(statement)
        for each in cursor.fetchall():
            found[plain(each[1])].append(Holder(*each))
    return found


def _issue(layer: Layer, holders: Sequence[tuple[int | None, str]], subject: Subject) -> Issue:
    ordered = sorted(holders, key=lambda each: (each[0] is None, each[0] or 0))
    message = _("Codes that differ only in case, spaces or width: %(codes)s") % {
        "codes": ", ".join(code for _id, code in ordered)
    }
    ids = [feature_id for feature_id, _code in ordered]
    return STAMP.issue(layer, ids, message, place=place_of(subject))


RULE = Rule(
    name=STAMP.rule,
    severity=STAMP.severity,
    title=Label("编码疑似重复", "Duplicate code"),
    explanation=Label(
        "两个编码只在大小写、空格或全角半角上不同。",
        "Two codes differ only in case, spaces, or full and half width.",
    ),
    find=find,
    compare=compare,
    partitioned=False,
)
