"""The corpus of messy files, from the file to the feature."""

import pytest
from django.utils import translation

from importers.answers import answered
from importers.loading import import_file
from importers.proposing import propose
from layers.errors import Rejected
from layers.models import Changeset
from layers.registry import LAYERS
from tests.importers.corpus import archives, mixtures, shapes, tables, values
from tests.importers.corpus.case import FIRST, Case

CASES = [*shapes.CASES, *tables.CASES, *values.CASES, *archives.CASES, *mixtures.CASES]
METRE = 1 / 111_320

pytestmark = pytest.mark.django_db


def settled(case: Case, proposal):
    """The interpretation with the case's answers to what is open."""
    layer, interpretation = LAYERS[case.layer], proposal.interpretation
    for finding in proposal.open:
        if finding.about in case.answers:
            value = case.answers[finding.about]
            value = finding.options[0][0] if value == FIRST else value
            interpretation = answered(layer, interpretation, finding, value)
    return interpretation


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_messy_file(without_box, chief, tmp_path, case: Case):
    path = case.make(tmp_path)
    layer = LAYERS[case.layer]
    with translation.override("en"):
        if case.refused:
            with pytest.raises(Rejected, match=case.refused):
                loaded(case, path, chief)
            assert not Changeset.objects.exists()
            return
        report = loaded(case, path, chief)
    told = [str(note.text) for note in report.rejected_rows]
    assert (report.loaded, report.rejected) == (case.loaded, case.rejected), told
    assert report.datum == case.datum
    rows = list(layer.rows.order_by("id"))
    assert len(rows) == case.loaded
    if case.place is None:
        assert rows[0].geom is None
    else:
        found = rows[0].geom.coords if layer.geometry == "point" else rows[0].geom[0].coords[0]
        assert found == pytest.approx(case.place, abs=METRE)
    assert {name: getattr(rows[0], name) for name in case.fields} == dict(case.fields)


def loaded(case: Case, path, actor):
    """Proposed, the open questions checked and answered, tried and then carried out."""
    layer = LAYERS[case.layer]
    proposal = propose(actor=actor, layer=layer, path=path, stated=case.stated)
    asked = {f"{each.topic}:{each.about}" for each in proposal.open}
    assert asked == set(case.open), [str(each.text) for each in proposal.findings]
    work = {
        "actor": actor,
        "layer": layer,
        "path": path,
        "interpretation": settled(case, proposal),
        "skip_rejected": True,
    }
    tried = import_file(**work, dry_run=True)
    assert not layer.rows.exists()
    done = import_file(**work)
    counts = ("read", "loaded", "rejected", "warnings")
    assert [getattr(tried, name) for name in counts] == [getattr(done, name) for name in counts]
    return done
