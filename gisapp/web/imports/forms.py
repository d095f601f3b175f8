"""What the form of a review says, as corrections: only what differs from what is shown."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from gisapp.web.imports.review import Review
from gisapp.web.imports.review_parts import LEFT_EMPTY
from importers.deliveries.corrections import Corrections
from importers.deliveries.questions import answered
from importers.interpretation import Helmert, Missing, PlaceSource
from layers.errors import BadRequest
from layers.models import Division

PARAMETERS = tuple(Helmert.__dataclass_fields__)
LONGEST = 200
DIVISION_DIGITS = 12


def corrections_posted(review: Review, posted: QueryDict) -> Corrections:
    """Raises BadRequest for what the form could not have said."""
    said = review.corrections
    said = _place(review, said, posted)
    said = _columns(review, said, posted)
    said = _values(review, said, posted)
    said = _divisions(review, said, posted)
    said = _rest(review, said, posted)
    return _answers(review, said, posted)


def _place(review: Review, said: Corrections, posted: QueryDict) -> Corrections:
    now = review.now.place
    changes: dict[str, Any] = {}
    for name in ("x", "y", "wkt"):
        value = posted.get(name)
        if value is not None and value != getattr(now, name):
            changes[name] = _column_named(review, value)
    datum = posted.get("datum")
    if datum is not None and datum != now.datum:
        changes["datum"] = _among(
            datum, {value for _title, offered in review.datums() for value, _text in offered}
        )
    source = posted.get("source")
    if source is not None and source != now.source:
        changes["source"] = _among(source, set(PlaceSource))
    if "swapped-shown" in posted and ("swapped" in posted) != now.swapped:
        changes["swapped"] = "swapped" in posted
    if "packed-shown" in posted and ("packed" in posted) != now.packed:
        changes["packed"] = "packed" in posted
    return said.with_(**changes, **_shift(said, posted))


def _shift(said: Corrections, posted: QueryDict) -> dict[str, Any]:
    """Parameters of an old datum, or the error in metres that is accepted."""
    if "accuracy_m" not in posted:
        return {}
    text = posted.get("accuracy_m", "").strip()
    accuracy = _number(text) if text else None
    if accuracy is not None and not 0 < accuracy <= 1000:
        raise BadRequest(_("“%(text)s” is no accuracy between 0 and 1000 m.") % {"text": text[:20]})
    given = {name: posted.get(f"parameter-{name}", "").strip() for name in PARAMETERS}
    if not any(given.values()):
        return {"accuracy_m": accuracy, "parameters": None}
    return {
        "accuracy_m": accuracy,
        "parameters": {name: _number(text or "0") for name, text in given.items()},
    }


def _columns(review: Review, said: Corrections, posted: QueryDict) -> Corrections:
    """A column whose choice is another than the one shown; the field it filled is left without."""
    columns, factors = dict(said.columns), dict(said.factors)
    fields = {each.name for each in review.fields()}
    for view in review.columns():
        chosen = posted.get(f"column-{view.index}")
        if chosen is not None and chosen != view.field:
            if chosen:
                columns[_among(chosen, fields)] = view.name
            if view.field and columns.get(view.field, view.name) == view.name:
                columns[view.field] = ""
        factor = posted.get(f"factor-{view.index}")
        if view.field and factor and factor != view.factor:
            factors[view.field] = _among(factor, dict(view.factors))
    return said.with_(columns=columns, factors=factors)


def _values(review: Review, said: Corrections, posted: QueryDict) -> Corrections:
    values = {name: dict(words) for name, words in said.values.items()}
    for listed in review.word_lists():
        codes = dict(listed.codes)
        for word in listed.words:
            chosen = posted.get(f"value:{listed.field.name}:{word.text}")
            if chosen is not None and chosen != word.code:
                values.setdefault(listed.field.name, {})[word.text] = _code(chosen, codes)
    return said.with_(values=values)


def _code(chosen: str, codes: Mapping[str, str]) -> str | None:
    if chosen == LEFT_EMPTY:
        return ""
    return _among(chosen, codes) if chosen else None


def _divisions(review: Review, said: Corrections, posted: QueryDict) -> Corrections:
    divisions = dict(said.divisions)
    inside = dict(review.divisions_within())
    for each in review.divisions():
        searched = posted.get(f"division-other:{each.name}", "").strip()
        code = _code_last(searched) if searched else posted.get(f"division:{each.name}")
        if code is not None and code != each.code:
            divisions[each.name] = _among(code, {**inside, **dict(each.candidates)}) if code else ""
    return said.with_(divisions=divisions)


def _code_last(text: str) -> str:
    """What the list of divisions offers ends with the code; anything else is none of them."""
    return text[-DIVISION_DIGITS:]


def _rest(review: Review, said: Corrections, posted: QueryDict) -> Corrections:
    changes: dict[str, Any] = {}
    key = posted.get("key")
    if key is not None and key != review.key:
        chosen = _among(key, dict(review.keys()))
        changes["key"] = tuple(chosen.split(",")) if chosen else ()
    within = posted.get("within")
    if within is not None and within != review.now.within:
        changes["within"] = _division(within)
    missing = posted.get("missing")
    if missing is not None and missing != review.now.missing:
        changes["missing"] = _among(missing, set(Missing))
    return said.with_(**changes)


def _answers(review: Review, said: Corrections, posted: QueryDict) -> Corrections:
    for question in review.questions:
        value = posted.get(f"answer:{question.mark}")
        # A settled one is sent along with every change; taking it again could undo it.
        if value is not None and not question.settled:
            said = answered(said, question.finding, value[:LONGEST], review.now.place)
    return said


def _column_named(review: Review, value: str) -> str:
    return _among(value, set(review.names)) if value else ""


def _among(value: str, known: Mapping[str, Any] | set[Any]) -> str:
    if value not in known:
        raise BadRequest(
            _("“%(value)s” is none of the choices.") % {"value": value[:40]},
            remedy=_("Reload the page."),
        )
    return str(value)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise BadRequest(_("“%(text)s” is no number.") % {"text": text[:20]}) from error


def _division(code: str) -> str:
    """Any that exists: names are only looked for in it, which opens nothing."""
    if not Division.objects.filter(pk=code[:LONGEST], valid_to__isnull=True).exists():
        return _among(code, {})
    return code
