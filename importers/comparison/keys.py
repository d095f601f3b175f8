"""The fields by which a row is recognised as a feature that exists."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _
from psycopg2 import sql

from importers.interpretation import Interpretation
from layers.errors import Rejected
from layers.registry import Layer

BETWEEN = "\x1f"
"""Between the parts of a key: no text of a layer holds this character."""


@dataclass(frozen=True, slots=True)
class Key:
    """Fields of a layer whose values together name one feature."""

    layer: Layer
    fields: tuple[str, ...]

    @property
    def is_code(self) -> bool:
        return self.fields == ("code",)

    def of(self, cells: Mapping[str, pa.Array]) -> pa.Array:
        """The keys of rows, as one text each; null where a part is empty."""
        return joined([cells[name] for name in self.fields])

    def expression(self, alias: str) -> sql.Composable:
        """A row's key in the database; NULL where a part is empty."""
        parts = [
            sql.SQL("nullif({}::text, '')").format(sql.Identifier(alias, name))
            for name in self.fields
        ]
        return sql.SQL(f" || '{BETWEEN}' || ").join(parts)

    def shown(self, key: str) -> str:
        return key.replace(BETWEEN, " / ")


def joined(parts: list[pa.Array]) -> pa.Array:
    if len(parts) == 1:
        return parts[0]
    return pc.binary_join_element_wise(*parts, BETWEEN)


def key_of(layer: Layer, interpretation: Interpretation) -> Key | None:
    """The key that an interpretation names; None where every row is new.

    Raises Rejected for a field that is none, is personal, or has no column.
    """
    if not interpretation.key:
        return None
    for name in interpretation.key:
        each = layer.by_name.get(name)
        if each is None or each.personal:
            raise Rejected(
                _("“%(name)s” cannot be part of the key of this layer.") % {"name": name},
                remedy=_("Name fields of the layer that are not personal."),
            )
        if name not in interpretation.columns:
            raise Rejected(
                _("The file has no column for “%(name)s”, a part of the key.")
                % {"name": each.label},
                remedy=_("Name its column, or another key."),
            )
    return Key(layer, tuple(dict.fromkeys(interpretation.key)))
