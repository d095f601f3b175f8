"""What has to be right about a raster's card before anything is converted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from layers.models.raster import Raster

STATED = ("name", "title", "kind", "source", "licence", "map_number")


@dataclass(frozen=True, slots=True)
class CardProblem:
    """`field` of the card."""

    field: str
    text: str
    remedy: str = ""


def card_problems(card: Mapping[str, Any]) -> list[CardProblem]:
    """All that is wrong with the fields, as the model has them, and what a public map needs."""
    draft = Raster(**{name: card[name] for name in STATED})
    others = {field.name for field in Raster._meta.get_fields()} - set(STATED)
    problems: list[CardProblem] = []
    try:
        draft.clean_fields(exclude=others)
    except ValidationError as error:
        problems = [
            CardProblem(name, text, _remedies().get(name, ""))
            for name, texts in error.message_dict.items()
            for text in texts
        ]
    if card["public"] and not card["map_number"]:
        problems.append(
            CardProblem(
                "map_number",
                _("A public raster is a published map and needs its approval number (审图号)."),
                _("State its map number, or do not make it public."),
            )
        )
    return problems


def _remedies() -> dict[str, str]:
    return {"name": _("A name has small letters, digits and hyphens: huayuan-2023.")}
