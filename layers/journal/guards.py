"""The database's guards: all there, and none switched off."""

from collections.abc import Iterator

from django.db import connection

from layers.journal.findings import Check, Finding
from layers.registry.specification import Layer

OF_JOURNAL = {
    "layers_edit": ("append_only", "linked", "never_emptied"),
    "layers_unmasking": ("append_only", "linked", "never_emptied"),
    "layers_load": ("append_only", "linked", "never_emptied"),
    "layers_chain": ("append_only", "linked_only", "never_emptied"),
    "layers_submission": ("append_only", "linked", "never_emptied", "settled_once"),
    "layers_changeset": ("never_emptied", "proven_once"),
}
OF_LAYER = (
    "journalled_delete",
    "journalled_insert",
    "journalled_update",
    "never_emptied",
    "writer_only",
)
SWITCHED_ON = ("O", "A")
"""pg_trigger.tgenabled: fires in ordinary sessions, or always."""


def guards_in_place(layers: Iterator[Layer] | list[Layer]) -> Iterator[Finding]:
    expected = {**OF_JOURNAL, **{layer.table: OF_LAYER for layer in layers}}
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT tgrelid::regclass::text, tgname, tgenabled::text FROM pg_trigger
            WHERE NOT tgisinternal AND tgrelid = ANY(%s::regclass[])
            """,
            [list(expected)],
        )
        found = {(table, name): enabled for table, name, enabled in cursor.fetchall()}
    for table, names in expected.items():
        for name in names:
            if (table, name) not in found:
                yield Finding(Check.GUARDS, table, f"its guard {name} is missing")
            elif found[table, name] not in SWITCHED_ON:
                yield Finding(Check.GUARDS, table, f"its guard {name} is switched off")
