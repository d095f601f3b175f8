"""What the service keeps of a delivery to show it: its first rows and the proposal, beside it.

They hold the file's cells, so they lie in the delivery's folder and go with it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

import pyarrow as pa

from importers.deliveries import storage
from importers.interpretation import Interpretation
from importers.phrases import Phrase
from importers.proposal import Finding, Proposal, Topic
from importers.readers.specification import Column, SourceDescription

SAMPLE_ROWS = 2_000
SAMPLE_BYTES = 48 << 20
"""A sample stops here even before its rows: one polygon may have millions of vertices."""


@dataclass(frozen=True, slots=True)
class Sample:
    """`whole`: the file has no more rows than these."""

    description: SourceDescription
    batches: tuple[pa.RecordBatch, ...]
    whole: bool = False

    @property
    def rows(self) -> int:
        return sum(batch.num_rows for batch in self.batches)


def taken(description: SourceDescription, batches: Iterable[pa.RecordBatch]) -> Sample:
    """The beginning of a file. What is left of `batches` is not read."""
    kept: list[pa.RecordBatch] = []
    rows = size = 0
    for batch in batches:
        part = batch.slice(0, SAMPLE_ROWS - rows)
        kept.append(part)
        rows, size = rows + part.num_rows, size + part.nbytes
        if rows >= SAMPLE_ROWS or size >= SAMPLE_BYTES:
            return Sample(description, tuple(kept))
    return Sample(description, tuple(kept), whole=True)


def keep_sample(uid: UUID, sample: Sample) -> None:
    sink = pa.BufferOutputStream()
    if sample.batches:
        with pa.ipc.new_stream(sink, sample.batches[0].schema) as stream:
            for batch in sample.batches:
                stream.write_batch(batch)
    told = {"description": asdict(sample.description), "whole": sample.whole}
    storage.private_file(storage.folder(uid) / "sample.arrow", sink.getvalue().to_pybytes())
    storage.private_file(storage.folder(uid) / "sample.json", _encoded(told))


def kept_sample(uid: UUID) -> Sample | None:
    """None where the file has not been read, or its files have gone."""
    base = storage.folder(uid)
    if not (base / "sample.json").exists():
        return None
    told = json.loads((base / "sample.json").read_bytes())
    content = (base / "sample.arrow").read_bytes()
    batches = tuple(pa.ipc.open_stream(content)) if content else ()
    return Sample(_description(told["description"]), batches, bool(told["whole"]))


def forget_sample(uid: UUID) -> None:
    for name in ("sample.json", "sample.arrow", "proposal.json", "raster.json"):
        (storage.folder(uid) / name).unlink(missing_ok=True)


def keep_proposal(uid: UUID, proposal: Proposal) -> None:
    told = {
        "description": asdict(proposal.description),
        "interpretation": proposal.interpretation.as_json(),
        "findings": [_finding_told(each) for each in proposal.findings],
        "unmatched": list(proposal.unmatched),
        "samples": {name: list(values) for name, values in proposal.samples.items()},
    }
    storage.private_file(storage.folder(uid) / "proposal.json", _encoded(told))


def kept_proposal(uid: UUID) -> Proposal | None:
    path = storage.folder(uid) / "proposal.json"
    if not path.exists():
        return None
    told = json.loads(path.read_bytes())
    return Proposal(
        description=_description(told["description"]),
        interpretation=Interpretation.from_json(told["interpretation"]),
        findings=tuple(_finding(each) for each in told["findings"]),
        unmatched=tuple(told["unmatched"]),
        samples={name: tuple(values) for name, values in told["samples"].items()},
    )


def _finding_told(finding: Finding) -> dict[str, Any]:
    return {
        "topic": finding.topic,
        "text": asdict(finding.text),
        "must": finding.must,
        "about": finding.about,
        "options": [[value, asdict(text)] for value, text in finding.options],
    }


def _finding(told: Mapping[str, Any]) -> Finding:
    return Finding(
        topic=Topic(told["topic"]),
        text=Phrase(**told["text"]),
        must=bool(told["must"]),
        about=str(told["about"]),
        options=tuple((str(value), Phrase(**text)) for value, text in told["options"]),
    )


def _description(told: Mapping[str, Any]) -> SourceDescription:
    return SourceDescription(
        **{
            **told,
            "columns": tuple(Column(**each) for each in told["columns"]),
            "notes": tuple((text, parameters) for text, parameters in told["notes"]),
            "tables": tuple(told["tables"]),
        }
    )


def _encoded(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, default=str).encode()
