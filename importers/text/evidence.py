"""What the values of a file say about its encoding, gathered a value at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from importers.phrases import gettext_noop
from importers.text.decoding import decoded
from importers.text.encoding import CHINESE_WINDOWS, TRADITIONAL_WINDOWS, Encoding
from importers.text.plausibility import plausibility

SAMPLE_BYTES = 1 << 16
CLEARLY = 0.2
"""By how much one reading must be the more plausible to outweigh what is usual or was named."""


@dataclass(slots=True)
class Evidence:
    """`utf8` and `other` count values that can only be the one or the other. `sample` has values
    that are not UTF-8, or none but symbols of it: what other encodings are judged by."""

    utf8: int = 0
    other: int = 0
    sample: list[bytes] = field(default_factory=list)
    _sampled: int = 0

    def look_at(self, values: Iterable[bytes]) -> None:
        """Values may end in a character that the column's end cut in two."""
        for value in values:
            if value.isascii():
                continue
            text = decoded(value, "utf-8")
            if text is None:
                self.other += 1
                self._keep(value)
            elif any(character > "\u2000" for character in text):
                self.utf8 += 1
            else:
                self._keep(value)

    def _keep(self, value: bytes) -> None:
        if self._sampled < SAMPLE_BYTES:
            self._sampled += len(value)
            self.sample.append(value)

    def verdict(self, *, named: str | None, named_by: str, refutable: str = "") -> Encoding:
        """The encoding of the whole. `named` is the codec that the file states, in the part that
        the text `named_by` tells; `refutable` is its own wording, kept if it is wrong."""
        best = self._best(named)
        if named == "utf-8" and not self.other:
            return self._encoding("utf-8", named_by, best)
        if named == best and named != "utf-8" and self.other >= self.utf8:
            return self._encoding(best, named_by, best)
        refuted = refutable if named else ""
        if self.utf8 >= self.other and (self.utf8 or self._fits("utf-8", best)):
            why = (
                gettext_noop("most text is UTF-8")
                if self.other
                else gettext_noop("all text is strict UTF-8")
            )
            return self._encoding("utf-8", why, best, refuted if named != "utf-8" else "")
        why = (
            gettext_noop("not UTF-8; its characters are common ones in Big5")
            if best == TRADITIONAL_WINDOWS
            else gettext_noop("not UTF-8, so that of Windows in China")
        )
        return self._encoding(best, why, best, refuted if named != best else "")

    def _encoding(self, name: str, why: str, best: str, refuted: str = "") -> Encoding:
        return Encoding(name, why, refuted, self.utf8, self.other, best)

    def _fits(self, codec: str, best: str) -> bool:
        """Whether what could be either is at least as plausible in `codec`."""
        return self._score(codec) >= self._score(best)

    def _best(self, named: str | None) -> str:
        """Of the encodings that are not UTF-8, the one the sample is most plausible in."""
        usual = named if named and named != "utf-8" else CHINESE_WINDOWS
        chosen, score = usual, self._score(usual) + CLEARLY
        for codec in (CHINESE_WINDOWS, TRADITIONAL_WINDOWS):
            found = self._score(codec)
            if found > score:
                chosen, score = codec, found
        return chosen

    def _score(self, codec: str) -> float:
        """The plausibility of the sample, times the share of its values that can be decoded."""
        texts = [decoded(value, codec) for value in self.sample]
        readable = [text for text in texts if text is not None]
        if not readable:
            return 0.0 if texts else 1.0
        return plausibility("".join(readable)) * len(readable) / len(texts)
