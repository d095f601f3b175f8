"""The bands and large loads: made once, at the end, of the rows that came."""

from collections.abc import Iterator
from contextlib import contextmanager

from layers.registry.specification import Layer
from tiles.bands.keeping import catch_up, look_again, look_away
from tiles.overview.loading import last_id


@contextmanager
def generalised_at_the_end(layer: Layer) -> Iterator[None]:
    """Look away while the body loads rows into the layer; in a transaction."""
    if layer.geometry == "point":
        yield
        return
    look_away(layer.table)
    before = last_id(layer)
    yield
    catch_up(layer.table, before)
    look_again(layer.table)
