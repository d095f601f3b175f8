"""The encoding of a .dbf: what its .cpg and its language driver id say, against its bytes."""

from importers.phrases import gettext_noop
from importers.readers.dbase import Table
from importers.text.encoding import Encoding
from importers.text.evidence import Evidence
from importers.text.naming import LDID_ENCODINGS, named_codec

LONGEST_NAME = 20


def encoding_of(table: Table, cpg: str | None) -> Encoding:
    """What the .cpg or the language driver id names, where the bytes bear it out; else by them.

    Both are weaker than the bytes: exporters leave out the one and write 0, or their own machine's,
    into the other.
    """
    evidence = Evidence()
    evidence.look_at(table.text_values())
    if not evidence.utf8 and not evidence.other:
        # Names are so short that a character cut in two can look like anything: they count last.
        evidence.look_at(name for name in table.names if not name.isascii())
    named = named_codec(cpg) if cpg else None
    if named:
        told = gettext_noop("named by the .cpg")
        return evidence.verdict(named=named, named_by=told, refutable=_shown(cpg))
    by_id = LDID_ENCODINGS.get(table.ldid)
    return evidence.verdict(
        named=by_id, named_by=gettext_noop("not UTF-8; named by the .dbf (LDID)")
    )


def _shown(cpg: str | None) -> str:
    return (cpg or "").strip()[:LONGEST_NAME]
