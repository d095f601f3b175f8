"""Full names of columns that a format cut, from the list of fields in an archive of our own.

Three Chinese characters are left of a name in a UTF-8 Shapefile: 所有权 may be 所有权人 or
所有权性质. The list beside it says which; another's file of the same name changes nothing.
"""

import csv
import dataclasses
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from importers.readers.archive import Member, extract
from importers.readers.contents import DataSet, Kind
from importers.readers.plain import RESERVED
from importers.readers.specification import EXPLANATION_FILES, Source

MOST_BYTES = 1 << 20
CELLS = 4
"""The name in the file, the full one, the code name, what it means."""


def full_names(
    opened: zipfile.ZipFile,
    members: Mapping[PurePosixPath, Member],
    data_set: DataSet,
    scratch: Path,
) -> dict[str, str]:
    """By the name in the file; empty where there is no list of ours beside the Shapefile.

    Raises FileProblem where the list is damaged.
    """
    if data_set.kind is not Kind.SHAPEFILE:
        return {}
    for name in EXPLANATION_FILES:
        member = members.get(data_set.files[0].with_name(name))
        if member is not None:
            place = scratch / "fields.csv"
            extract(opened, member, place)
            with place.open("rb") as stream:
                return _read(stream.read(MOST_BYTES))
    return {}


def _read(content: bytes) -> dict[str, str]:
    """The rows down to the blank one; none where it is another kind of list."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return {}
    found: dict[str, str] = {}
    for row in rows[1:]:
        if len(row) != CELLS:
            break
        found[row[0]] = row[1]
    return found


def with_full_names(source: Source, names: Mapping[str, str]) -> Source:
    """The source with these names, if they are those of all its columns and still differ."""
    columns = source.description.columns
    full = [names.get(column.name, "") for column in columns]
    if not all(full) or len({*full, *RESERVED}) < len(full) + len(RESERVED):
        return source
    renamed = tuple(
        dataclasses.replace(column, name=name) for column, name in zip(columns, full, strict=True)
    )
    description = dataclasses.replace(source.description, columns=renamed, names_cut=None)
    return Source(description, (_renamed(batch, names) for batch in source.batches))


def _renamed(batch: Any, names: Mapping[str, str]) -> Any:
    """What the importer adds itself, as __geometry__, keeps its name."""
    return batch.rename_columns([names.get(name, name) for name in batch.schema.names])
