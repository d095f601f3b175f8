"""The texts that the chain is made over, one kind of entry a packaged statement.

The database's triggers and the verification run the same statements, but the verification brings
its own copy: whoever replaces a function in the database does not fool it.
"""

from enum import StrEnum
from pathlib import Path

from layers.sql_files import packaged_sql

SQL = Path(__file__).parent / "sql"


class LinkKind(StrEnum):
    """What is linked into the chain."""

    EDIT = "edit"
    UNMASKING = "unmasking"
    LOAD = "load"
    SUBMISSION = "submission"


TABLES = {
    LinkKind.EDIT: "layers_edit",
    LinkKind.UNMASKING: "layers_unmasking",
    LinkKind.LOAD: "layers_load",
    LinkKind.SUBMISSION: "layers_submission",
}


def payload_sql(kind: LinkKind) -> str:
    """A statement that gives entry_id and payload of every entry of a kind."""
    return packaged_sql(f"payload_{kind}", SQL)


def payload_function_sql(kind: LinkKind) -> str:
    """The database function that the triggers read payloads by: entries `first_id` to `last_id`."""
    return (
        f"CREATE OR REPLACE FUNCTION layers_payload_{kind}(first_id bigint, last_id bigint)\n"
        "RETURNS TABLE (entry_id bigint, payload text) LANGUAGE sql STABLE AS $payload$\n"
        f"SELECT p.entry_id, p.payload FROM (\n{payload_sql(kind)}) AS p\n"
        "WHERE p.entry_id BETWEEN first_id AND last_id\n"
        "$payload$;"
    )
