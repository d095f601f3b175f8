"""What is wrong with a cell, and what to write instead."""

from importers.phrases import Phrase


class CellProblem(ValueError):
    """Why a cell is not accepted; `hint` says what to write instead. Both in both languages."""

    def __init__(self, phrase: Phrase, hint: Phrase | None = None) -> None:
        super().__init__(phrase.en)
        self.phrase = phrase
        self.hint = hint
