"""Loads: their rows, as they were loaded, still have the digest that was chained."""

from collections.abc import Iterator

from layers.editing.loads import block_digests, digest_of, journalled_columns
from layers.journal.entries import Progress
from layers.journal.findings import Check, Finding
from layers.models.chain import Load
from layers.registry.specification import Layer

DIGEST_BYTES = 32


def proven_loads(layer: Layer, progress: Progress) -> Iterator[Finding]:
    loads = Load.objects.filter(layer=layer.name).select_related("changeset")
    for load in loads.order_by("first_feature"):
        yield from _proven(layer, load, progress)


def _proven(layer: Layer, load: Load, progress: Progress) -> Iterator[Finding]:
    place = f"load of {layer.name} in changeset {load.changeset_id}"
    stored = bytes(load.blocks)
    blocks = [stored[at : at + DIGEST_BYTES] for at in range(0, len(stored), DIGEST_BYTES)]
    if digest_of(blocks) != load.changeset.digest:
        yield Finding(Check.LOADS, place, "its blocks do not have its digest")
    lost = set(load.columns) - set(journalled_columns(layer.table))
    if lost:
        problem = f"cannot be reckoned again: the table has no {', '.join(sorted(lost))} any more"
        yield Finding(Check.LOADS, place, problem)
        return
    found = block_digests(
        layer.name,
        layer.table,
        load.columns,
        load.first_feature,
        load.last_feature,
        load.block,
    )
    low = load.first_feature
    for number, digest in enumerate(found):
        high = min(low + load.block - 1, load.last_feature)
        if number >= len(blocks) or blocks[number] != digest:
            problem = f"rows with ids {low} to {high} are not those that were loaded"
            yield Finding(Check.LOADS, place, problem)
        progress(f"{layer.name} loads", high)
        low = high + 1
