"""Seeding as a whole: the same again, nothing half done, removable, and quick to do nothing."""

import hashlib
import io
from collections.abc import Callable, Iterator
from typing import IO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from layers.demonstration import clearing, contributors, seeding
from layers.demonstration.accounts import seeder
from layers.demonstration.scale import Scale
from layers.models import Changeset, Division, Feature, Toilet
from layers.registry import LAYERS

from .conftest import COUNTIES, SMALL, small_request

pytestmark = pytest.mark.django_db

# Numbers of rows and changesets, times, and boxes sealed with a fresh nonce differ every time.
LEFT_OUT = {"id", "changeset_id", "created_at", "updated_at", "personal"}
TINY = Scale(toilets=90, roads=40, water_works=9, assets=20, resettlement_sites=5)


def digest() -> str:
    """Over all columns of all rows of all layers, in the order of codes, and over the seats."""
    found = hashlib.sha256()
    with connection.cursor() as cursor:
        for layer in LAYERS.values():
            names = sorted(each.column for each in layer.model._meta.concrete_fields)
            columns = ", ".join(f"{name}::text" for name in names if name not in LEFT_OUT)
            cursor.execute(f"SELECT {columns} FROM {layer.table} ORDER BY code")
            found.update(repr(cursor.fetchall()).encode())
        cursor.execute(
            "SELECT code, seat::text FROM layers_division WHERE seat IS NOT NULL ORDER BY 1"
        )
        found.update(repr(cursor.fetchall()).encode())
    return found.hexdigest()


def seed(**changes: object) -> str:
    """Seed, take the digest, and remove everything again."""
    seeding.seed(small_request(**{"scale": TINY, **changes}), io.StringIO())
    found = digest()
    clearing.clear()
    return found


def test_the_same_seed_and_day_make_the_same_rows() -> None:
    first = seed()
    assert seed() == first
    assert seed(seed=8) != first


def test_a_county_does_not_depend_on_the_others() -> None:
    seeding.seed(small_request(scale=TINY, counties=COUNTIES[:1]), io.StringIO())
    alone = set(Division.objects.filter(seat__isnull=False).values_list("code", "seat"))
    clearing.clear()
    seeding.seed(small_request(scale=TINY), io.StringIO())
    assert alone <= set(Division.objects.filter(seat__isnull=False).values_list("code", "seat"))


def test_a_failure_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest()
    changesets = Changeset.objects.count()

    def failing(seeding_: contributors.Seeding) -> dict[str, int]:
        assert Toilet.objects.exists()
        raise KeyboardInterrupt

    class Stopped:
        seed = staticmethod(failing)

    monkeypatch.setattr(seeding, "contributors", lambda: [Stopped])
    with pytest.raises(KeyboardInterrupt):
        seeding.seed(small_request(scale=TINY), io.StringIO())
    assert digest() == before
    assert Changeset.objects.count() == changesets


def test_a_stop_while_rows_are_copied_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest()

    def stopped(chunks: object, label: str, total: int) -> Iterator[IO[bytes]]:
        yield next(iter(chunks))[1]  # type: ignore[call-overload]
        raise KeyboardInterrupt

    monkeypatch.setattr(seeding.Progress, "counted", lambda _self, *args: stopped(*args))
    with pytest.raises(KeyboardInterrupt):
        seeding.seed(small_request(scale=TINY), io.StringIO())
    assert digest() == before


def test_stopping_the_command_says_that_nothing_was_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_arguments: object) -> dict[str, int]:
        raise KeyboardInterrupt

    monkeypatch.setattr(seeding, "seed", stopped)
    with pytest.raises(CommandError, match="nothing was kept") as caught:
        call_command("seed_demo")
    assert caught.value.returncode == 130


def test_if_empty_does_nothing_where_a_layer_has_rows(make_feature: Callable[..., Feature]) -> None:
    make_feature("toilets")
    output = io.StringIO()
    call_command("seed_demo", "--if-empty", stdout=output)
    assert "nothing was done" in output.getvalue()
    assert Toilet.objects.count() == 1


def test_if_empty_does_nothing_the_second_time() -> None:
    seeding.seed(small_request(scale=TINY), io.StringIO())
    before = digest()
    output = io.StringIO()
    call_command("seed_demo", "--if-empty", stdout=output)
    assert "nothing was done" in output.getvalue()
    assert digest() == before


def test_seeding_twice_is_refused() -> None:
    seeding.seed(small_request(scale=TINY), io.StringIO())
    with pytest.raises(CommandError, match="--clear"):
        call_command("seed_demo", "--features", "10")


def test_clearing_keeps_what_is_not_demonstration(make_feature: Callable[..., Feature]) -> None:
    mine = make_feature("toilets")
    village = Division.objects.get(code="430224002001")
    village.seat, village.seat_source = "SRID=4490;POINT(113.5 26.8)", "survey"
    village.save(update_fields=["seat", "seat_source"])
    seeding.seed(small_request(scale=TINY), io.StringIO())
    removed = clearing.clear()
    assert removed["toilets"] == TINY.toilets
    assert list(Toilet.objects.values_list("pk", flat=True)) == [mine.pk]
    assert list(Division.objects.filter(seat__isnull=False)) == [village]
    assert not clearing.demonstration_there()
    assert seeding.anything_there()


def test_clearing_leaves_a_trace_in_the_changesets() -> None:
    seeding.seed(small_request(scale=TINY), io.StringIO())
    clearing.clear()
    rows = Changeset.objects.filter(layer="roads", kind=Changeset.Kind.DEMONSTRATION)
    loaded, cleared = rows.order_by("pk")
    assert loaded.rows == cleared.rows > 0
    assert cleared.author == seeder()


def test_the_number_of_toilets_decides_the_other_numbers() -> None:
    default, province = Scale.of(40_000), Scale.of(10_000_000)
    assert (default.roads, default.water_works) == (3_000, 1_500)
    assert (default.assets, default.resettlement_sites) == (2_500, 250)
    assert (province.roads, province.water_works) == (100_000, 30_000)
    assert (province.assets, province.resettlement_sites) == (100_000, 3_000)
    assert Scale.of(50_000_000).roads == 100_000
    assert Scale.of(0).toilets == 0
    assert Scale.of(0).roads > 0
    sizes = [Scale.of(number).roads for number in (0, 10**4, 10**5, 10**6, 10**7)]
    assert sizes == sorted(sizes)


def test_the_day_moves_due_days_with_it() -> None:
    today = timezone.localdate()
    seeding.seed(small_request(scale=SMALL, day=today), io.StringIO())
    due = set(Toilet.objects.values_list("code", "upkeep_due_on", "upkeep_state"))
    clearing.clear()
    later = today + timezone.timedelta(days=10)
    seeding.seed(small_request(scale=SMALL, day=later), io.StringIO())
    moved = set(Toilet.objects.values_list("code", "upkeep_due_on", "upkeep_state"))
    shift = timezone.timedelta(days=10)
    assert moved == {(code, day and day + shift, state) for code, day, state in due}
