"""Split and merge: operations that one feature goes into and several come out of, or the reverse.

Each writes its own entry on the feature that keeps its id, and one entry for every other feature
concerned, which names the first (`part_of`): undone together, or not at all.
"""

import uuid
from decimal import Decimal
from typing import Any

import shapely
from django.utils.translation import gettext as _
from shapely.geometry.base import BaseGeometry

from layers.crs import CGCS2000
from layers.distance import measure
from layers.editing.cutting import NotCut, cut, read_blade
from layers.editing.geometry import GeometryProblem
from layers.editing.operations import Disagreement, Work, checked_base
from layers.editing.request import Outcome, OutcomeKind, Problem
from layers.editing.rows import GEOMETRY, State
from layers.editing.validation import Reading, code_for
from layers.editing.workspace import Subject
from layers.errors import BadRequest
from layers.models.journal import Operation
from layers.registry.specification import Layer

MOST_TAKEN_UP = 100
NOT_TAKEN_UP = frozenset({"code", "division", "demonstration"})


def split(work: Work) -> Outcome:
    """Cut a line or polygon along `blade`; the largest piece keeps the id, the others are new.

    Lengths and the like are shared out by size (registry: additive fields). The blade says what is
    meant, so it is laid over the feature as it is now, not as it was.
    """
    subject = work.subject()
    seen = work.seen_last(subject)
    if subject.state is None:
        raise Disagreement(subject, base=work.base(subject), mine={}, theirs={})
    try:
        blade = read_blade(work.request.blade)
        pieces = cut(work.layer, _geometry(subject), blade)
    except GeometryProblem as problem:
        return work.rejected([Problem("blade", str(problem))])
    except NotCut:
        if not seen:
            raise _cut_elsewhere(work, subject) from None
        return work.rejected([Problem("blade", _("The line does not cut this feature."))])
    kind = OutcomeKind.APPLIED if seen else OutcomeKind.MERGED
    _write_pieces(work, subject, pieces, kind)
    return work.outcome(kind, subject)


def _write_pieces(
    work: Work, subject: Subject, pieces: list[BaseGeometry], kind: OutcomeKind
) -> None:
    now: State = dict(subject.state or {})
    shares = shared_out(work.layer, now, pieces)
    own = {GEOMETRY: journal_geometry(pieces[0]), **shares[0]}
    old = {name: now[name] for name in own}
    entry = work.record(
        subject, {**now, **own}, operation=Operation.SPLIT, old=old, new=own, kind=kind
    )
    for number, (piece, share) in enumerate(zip(pieces[1:], shares[1:], strict=True), start=1):
        uid = uuid.uuid5(work.request.uid, f"piece {number}")
        code = code_for(work.layer, str(now["division"]), uid.hex)
        state = {**now, GEOMETRY: journal_geometry(piece), **share, "code": code}
        work.record(
            work.workspace.new_feature(work.layer),
            state,
            operation=Operation.CREATE,
            old={},
            new=state,
            part_of=entry,
            uid=uid,
        )


def merge_features(work: Work) -> Outcome:
    """Take other features up into one: lines and polygons are united, a point stays.

    The one that stays keeps its values and gets those it lacks from the others; lengths and the
    like are added up. Values sent with the edit go before both.
    """
    subject = work.subject()
    others = _others(work)
    gone = [each for each in (subject, *others) if each.state is None]
    if gone or not work.seen_last(subject):
        raise Disagreement(gone[0] if gone else subject, base={}, mine={}, theirs={})
    reading = Reading(work.layer, work.request, subject.state, work.lists).read()
    if reading.problems:
        return work.rejected(reading.problems)
    now: State = dict(subject.state or {})
    wanted = {**taken_up(work.layer, now, [each.state or {} for each in others]), **reading.changes}
    taken = {name: value for name, value in wanted.items() if now[name] != value}
    old = {name: now[name] for name in taken}
    entry = work.record(subject, {**now, **taken}, operation=Operation.MERGE, old=old, new=taken)
    for number, other in enumerate(others):
        work.record(
            other,
            None,
            operation=Operation.DELETE,
            old=other.state or {},
            new={},
            part_of=entry,
            uid=uuid.uuid5(work.request.uid, f"taken up {number}"),
        )
    return work.outcome(OutcomeKind.APPLIED, subject)


def _others(work: Work) -> list[Subject]:
    """Raises BadRequest, NotFound, Forbidden; Disagreement where one was changed meanwhile."""
    wanted = work.request.others
    ids = {each.feature_id for each in wanted}
    if not wanted or len(ids) != len(wanted) or work.feature_id in ids or len(ids) > MOST_TAKEN_UP:
        raise BadRequest(
            _("A merge names the other features it takes up, each once, at most %(most)d.")
            % {"most": MOST_TAKEN_UP},
            remedy=_("Send others: [{feature_id, base_version}, …]."),
        )
    found = []
    for each in wanted:
        other = work.subject(each.feature_id)
        if other.since(checked_base(each.base_version, other)):
            raise Disagreement(other, base={}, mine={}, theirs=other.state or {})
        found.append(other)
    return found


def taken_up(layer: Layer, kept: State, others: list[State]) -> State:
    """What the one that stays gets from the others."""
    gained: State = {}
    for name, value in kept.items():
        if value in (None, "") and name not in NOT_TAKEN_UP:
            gained[name] = next(
                (each[name] for each in others if each[name] not in (None, "")), value
            )
    for each in additive_fields(layer):
        known = [Decimal(str(state[each])) for state in (kept, *others) if state[each] is not None]
        if known:
            gained[each] = number_like(kept[each], sum(known, Decimal(0)))
    if layer.geometry != "point":
        gained[GEOMETRY] = _united(layer, [kept, *others])
    return gained


def _united(layer: Layer, states: list[State]) -> str | None:
    shapes = [shapely.from_wkb(str(each[GEOMETRY])) for each in states if each[GEOMETRY]]
    if not shapes:
        return None
    union = shapely.union_all(shapes)
    if layer.geometry == "line":
        # End to end becomes one line; lines that only cross stay parts of their own.
        parts = [part for each in shapes for part in shapely.get_parts(each)]
        union = shapely.line_merge(shapely.multilinestrings(parts))
    return journal_geometry(as_multi(union))


def shared_out(layer: Layer, state: State, pieces: list[BaseGeometry]) -> list[State]:
    """Each piece's share of the additive fields, by size; the shares add up to the whole."""
    sizes = [Decimal(repr(measure(piece))) for piece in pieces]
    whole = sum(sizes, Decimal(0)) or Decimal(1)
    shares: list[State] = [{} for _piece in pieces]
    for name in additive_fields(layer):
        if state[name] is None:
            continue
        total = Decimal(str(state[name]))
        places = Decimal(1).scaleb(int(total.as_tuple().exponent))
        rest = [(total * size / whole).quantize(places) for size in sizes[1:]]
        for share, value in zip(shares, [total - sum(rest, Decimal(0)), *rest], strict=True):
            share[name] = number_like(state[name], value)
    return shares


def additive_fields(layer: Layer) -> list[str]:
    return [each.name for each in layer.columns() if each.additive]


def number_like(kept: Any, value: Decimal) -> str | int:
    """A number in the journal's form for its column: decimals are text, integers are not."""
    return int(value) if isinstance(kept, int) else str(value)


def journal_geometry(shape: BaseGeometry) -> str:
    return str(shapely.to_wkb(shapely.set_srid(shape, CGCS2000), hex=True, include_srid=True))


def as_multi(shape: BaseGeometry) -> BaseGeometry:
    promote = {"LineString": shapely.multilinestrings, "Polygon": shapely.multipolygons}
    maker = promote.get(shape.geom_type)
    return maker([shape]) if maker else shape


def _geometry(subject: Subject) -> BaseGeometry:
    """Raises GeometryProblem where there is none."""
    kept = (subject.state or {}).get(GEOMETRY)
    if kept is None:
        raise GeometryProblem(_("This feature has no place."))
    return shapely.from_wkb(str(kept))


def _cut_elsewhere(work: Work, subject: Subject) -> Disagreement:
    base, now = work.base(subject), subject.state or {}
    return Disagreement(
        subject, base={GEOMETRY: base[GEOMETRY]}, mine={}, theirs={GEOMETRY: now[GEOMETRY]}
    )
