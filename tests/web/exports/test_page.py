"""The page of exports without a browser: what it offers, refuses and keeps."""

from importers.models import Export
from tests.conftest import FENGHUANG, HUAYUAN, SHIBADONG, XIANGXI

FORM = {"layer": "toilets", "format": "csv", "datum": "EPSG:4490", "language": "zh"}


def test_a_form_without_an_area_is_refused_and_shown_again(account, signed_in):
    client = signed_in(account("viewer", HUAYUAN))
    answer = client.post("/exports/", {**FORM, "provenance": "on"})
    assert answer.status_code == 400
    assert "没有选择范围" in answer.content.decode()
    assert 'name="provenance" checked' in answer.content.decode()
    assert not Export.objects.exists()


def test_all_fields_ticked_are_no_choice_and_some_are(account, signed_in):
    user = account("viewer", HUAYUAN)
    client = signed_in(user)
    page = client.get("/exports/", {"layer": "toilets"}).content.decode()
    ticked = [part.split('"')[0] for part in page.split('name="fields" value="')[1:]]
    assert "toilet_type" in ticked
    assert "householder" not in ticked
    client.post("/exports/", {**FORM, "division": "", "fields": ticked})
    assert Export.objects.latest("pk").fields is None
    client.post("/exports/", {**FORM, "division": HUAYUAN, "fields": ["name"]})
    found = Export.objects.latest("pk")
    assert (found.fields, found.division) == (["code", "division", "name"], HUAYUAN)


def test_places_are_searched_inside_the_grants_and_the_chosen_one_stays(account, signed_in):
    client = signed_in(account("viewer", HUAYUAN))
    found = client.get("/exports/places", {"place_search": "凤凰"}).content.decode()
    assert FENGHUANG not in found
    searched = {"place_search": "双龙", "division": SHIBADONG}
    found = client.get("/exports/places", searched).content.decode()
    assert f'value="{SHIBADONG}" checked' in found
    assert "433124110000" in found
    outside = client.get("/exports/places", {"division": FENGHUANG}).content.decode()
    assert FENGHUANG not in outside
    assert XIANGXI not in outside
