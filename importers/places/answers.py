"""What choosing an option of a finding about places changes."""

from dataclasses import replace

from importers.interpretation import PlaceReading, PlaceSource

SWAP = "swap"
PACKED = "packed"
ACCURACY = "accuracy:"


def answered(reading: PlaceReading, answer: str) -> PlaceReading:
    """The reading after a choice: words with blanks between them.

    `swap` exchanges the ordinates, `accuracy:100` accepts an error of 100 m, anything else is a
    datum (whatever a column says), after which `packed` says that 109.42365 means 109°42′36.5″.
    """
    for word in answer.split():
        if word == SWAP:
            reading = swapped(reading)
        elif word == PACKED:
            reading = replace(reading, packed=True)
        elif word.startswith(ACCURACY):
            reading = replace(reading, accuracy_m=float(word.removeprefix(ACCURACY)))
        else:
            reading = replace(reading, datum=word, packed=False, datum_column="")
    return reading


def swapped(reading: PlaceReading) -> PlaceReading:
    """Columns are named the other way round; a geometry keeps its order and says so."""
    if reading.source is PlaceSource.COLUMNS:
        return replace(reading, x=reading.y, y=reading.x)
    return replace(reading, swapped=not reading.swapped)
