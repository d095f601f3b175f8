"""A cell, or the cells of several columns, to the code of a division: a county at least."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from importers.matching.damage import EXPONENT
from importers.matching.divisions import DivisionIndex
from importers.matching.names import plain
from importers.matching.numbers import says_nothing
from importers.matching.problems import CellProblem
from importers.matching.readings import given, whole
from importers.matching.vocabulary import answer_to
from importers.phrases import Phrase, gettext_noop, said

LENGTHS = (6, 9, 12)
COUNTY_DIGITS = slice(4, 6)
MOST_CANDIDATES = 6
_EXPONENT = re.compile(EXPONENT)
_CODE_FIRST = re.compile(r"^(\d{12}|\d{9}|\d{6})\D")
_CODE_LAST = re.compile(r"\D(\d{12}|\d{9}|\d{6})\)?$")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-.]+(?=\d)")


class DivisionReader:
    """Reads codes and names for one file; `answers` are what a person said of its names."""

    def __init__(
        self, index: DivisionIndex, *, within: str = "", answers: Mapping[str, str] | None = None
    ) -> None:
        self.index = index
        self.within = within
        self._answers = {plain(name): code for name, code in (answers or {}).items()}

    def read(self, raw: Any) -> str | None:
        """The code of 12 digits; None for an empty cell. Raises CellProblem."""
        raw = given(raw)
        text = "" if raw is None else unicodedata.normalize("NFKC", str(whole(raw))).strip(" '`\t")
        if not text or says_nothing(text):
            return None
        answered = answer_to(plain(text), self._answers)
        if answered is not None:
            return self._county_at_least(self._known(answered)) if answered else None
        code = _code_in(text)
        if code is not None:
            return self._county_at_least(self._known(code))
        found = self.index.find_text(text, within=self.within)
        return self._county_at_least(self._only(found, text, [text]))

    def read_several(self, cells: Sequence[Any], levels: Sequence[str]) -> str | None:
        """From the columns of county, township and village; empty ones are passed over."""
        said_of = [
            (unicodedata.normalize("NFKC", str(whole(cell))).strip(), level)
            for cell, level in zip(map(given, cells), levels, strict=True)
            if cell is not None and not says_nothing(str(cell))
        ]
        if not said_of:
            return None
        text = " ".join(part for part, _level in said_of)
        answered = answer_to(plain(text), self._answers)
        lowest = _code_in(said_of[-1][0])
        if answered or lowest:
            return self._county_at_least(self._known(str(answered or lowest)))
        parts, kinds = zip(*said_of, strict=True)
        found = self.index.find(parts, within=self.within, levels=kinds)
        found = found or self.index.find(parts, within=self.within)
        return self._county_at_least(self._only(found or self._mixed(parts), text, parts))

    def _mixed(self, parts: Sequence[str]) -> list[str]:
        """Columns that hold paths, separators or groups themselves."""
        return self.index.find_text(" ".join(parts), within=self.within)

    def _known(self, code: str) -> str:
        current = self.index.current(code)
        if current is not None:
            return current
        entry = self.index.entries.get(code)
        if entry is not None:
            raise CellProblem(
                said(gettext_noop("%(value)s no longer exists."), value=f"{entry.name} {code}"),
                said(gettext_noop("Write the code of the division that it became part of.")),
            )
        above = next(
            (code[:cut].ljust(12, "0") for cut in (9, 6) if self._exists(code[:cut])), None
        )
        raise CellProblem(
            said(gettext_noop("There is no division %(value)s."), value=code),
            said(
                gettext_noop("The first digits are those of %(name)s (%(code)s)."),
                name=self.index.path(above),
                code=above,
            )
            if above
            else said(gettext_noop("Write the code of 2023, or the names from the county down.")),
        )

    def _exists(self, beginning: str) -> bool:
        return beginning.ljust(12, "0") in self.index.entries

    def candidates(self, cells: Sequence[Any], levels: Sequence[str] = ()) -> list[str]:
        """What the cells could mean: those that fit equally well, else those with similar names."""
        parts = [str(whole(cell)).strip() for cell in cells if given(cell) is not None]
        if levels:
            found = self.index.find(parts, within=self.within)
        else:
            found = self.index.find_text(" ".join(parts), within=self.within)
        return found or self._similar(parts)

    def _similar(self, parts: Sequence[str]) -> list[str]:
        """Among the divisions below the one that the names before the last are."""
        above = self.index.find(parts[:-1], within=self.within) if len(parts) > 1 else []
        within = above[0] if len(above) == 1 else self.within
        return self.index.similar(parts[-1], within=within) if parts else []

    def _only(self, found: Sequence[str], text: str, parts: Sequence[str]) -> str:
        if len(found) == 1:
            return found[0]
        if found:
            raise CellProblem(
                said(gettext_noop("“%(value)s” can mean several divisions."), value=text),
                self.choices(found),
            )
        near = self._similar(parts)
        raise CellProblem(
            said(gettext_noop("No division “%(value)s” is known here."), value=text),
            self.choices(near)
            if near
            else said(gettext_noop("Write the code, or the names from the county down.")),
        )

    def choices(self, codes: Sequence[str]) -> Phrase:
        named = [f"{self.index.path(code)} ({code})" for code in codes[:MOST_CANDIDATES]]
        more = len(codes) - len(named)
        text = (
            gettext_noop("Write one of these codes: %(names)s, or one of %(more)d more.")
            if more
            else gettext_noop("Write one of these codes: %(names)s")
        )
        return said(text, names="; ".join(named), more=more)

    def _county_at_least(self, code: str) -> str:
        if code[COUNTY_DIGITS] == "00":
            raise CellProblem(
                said(gettext_noop("%(value)s is no county, township or village."), value=code),
                said(gettext_noop("Write the county, township or village.")),
            )
        return code


def _code_in(text: str) -> str | None:
    """A code of 6, 9 or 12 digits, alone or beside its name. Raises CellProblem if damaged."""
    if _EXPONENT.match(text):
        digits = len(text.upper().partition("E")[0].replace(".", ""))
        if digits < max(LENGTHS):
            raise CellProblem(
                said(gettext_noop("The spreadsheet shortened the number to an exponent.")),
                said(
                    gettext_noop(
                        "Format the column as text, enter the number again and send it so."
                    )
                ),
            )
        text = str(int(float(text)))
    joined = _BETWEEN_DIGITS.sub("", text.removesuffix(".0"))
    if joined.isdecimal():
        if len(joined) not in LENGTHS:
            raise CellProblem(
                said(
                    gettext_noop("“%(value)s” is no division code of 6, 9 or 12 digits."),
                    value=text,
                ),
                said(gettext_noop("Send the codes as text, with all their digits.")),
            )
        return joined.ljust(12, "0")
    found = _CODE_FIRST.match(text) or _CODE_LAST.search(text)
    return found[1].ljust(12, "0") if found else None
