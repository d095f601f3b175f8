"""The pages of conflicts and held edits."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from layers.editing import service
from layers.editing.request import EditRequest
from layers.models import Operation, Road, Toilet, WaterWork
from layers.models.submission import Submission
from tests.conftest import FENGHUANG, HUAYUAN, IN_HUAYUAN
from tests.web.editing.conftest import LAYER, change

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(make_feature):
    return make_feature(LAYER, name="山泉水厂", people_served=420)


def send(actor, request) -> Submission:
    service.submit(actor=actor, request=request)
    return Submission.objects.get(uid=request.uid)


@pytest.fixture
def conflict(work, planner, colleague):
    """Name and people clash; the operator was changed by one side only."""
    theirs = change(work, name="一厂", people_served=500)
    service.submit(actor=colleague, request=theirs)
    return send(planner, change(work, name="二厂", people_served=600, operator="村委会"))


@pytest.fixture
def deletion(work, planner, colleague):
    service.submit(actor=colleague, request=change(work, people_served=500))
    return send(planner, EditRequest(uuid.uuid4(), LAYER, Operation.DELETE, work.pk, work.version))


@pytest.fixture
def held(work, account):
    author = account("planner", HUAYUAN)
    now = timezone.now()
    grant = author.grants.get()
    grant.granted_at, grant.revoked_at = now - timedelta(days=9), now - timedelta(days=1)
    grant.save()
    request = change(work, people_served=777)
    late = EditRequest(**{**as_values(request), "captured_at": now - timedelta(days=2)})
    return send(author, late)


def as_values(request) -> dict:
    return {name: getattr(request, name) for name in EditRequest.__dataclass_fields__}


def address(submission, action="") -> str:
    return f"/conflicts/{submission.uid}/{action}"


def page(client, path) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_the_list_and_the_header_tell_what_waits(conflict, held, planner, reviewer, signed_in):
    editing = page(signed_in(planner), "/conflicts/")
    assert address(conflict) in editing
    assert address(held) not in editing
    assert "shell-waiting" in editing
    reviewing = page(signed_in(reviewer), "/conflicts/")
    assert address(held) in reviewing
    assert address(held) not in page(signed_in(reviewer), "/conflicts/?kind=conflict")
    assert address(held) not in page(signed_in(reviewer), "/conflicts/?layer=roads")


def test_each_side_stands_side_by_side_in_words(conflict, planner, signed_in) -> None:
    shown = page(signed_in(planner), address(conflict))
    for text in ("山泉水厂", "一厂", "二厂", "500", "600", "村委会"):
        assert text in shown


def test_deciding_field_by_field(conflict, colleague, signed_in, work) -> None:
    client = signed_in(colleague)
    answers = {"side-name": "mine", "side-people_served": "theirs"}
    assert client.post(address(conflict, "decide"), answers)["Location"] == address(conflict)
    work = WaterWork.objects.get(pk=work.pk)
    assert (work.name, work.people_served, work.operator) == ("二厂", 500, "村委会")
    shown = page(client, address(conflict))
    assert "settled" in shown
    assert address(conflict, "decide") not in shown


def test_a_field_without_an_answer_decides_nothing(conflict, planner, signed_in, work) -> None:
    signed_in(planner).post(address(conflict, "decide"), {"side-name": "mine"})
    assert Submission.objects.get(pk=conflict.pk).settlement == ""
    assert WaterWork.objects.get(pk=work.pk).name == "一厂"


@pytest.mark.parametrize(("side", "people"), [("mine", 600), ("theirs", 500)])
def test_one_side_for_everything(conflict, planner, signed_in, work, side, people) -> None:
    signed_in(planner).post(address(conflict, "decide"), {"all": side})
    assert WaterWork.objects.get(pk=work.pk).people_served == people


def test_dismissing_leaves_what_stands_there(conflict, planner, signed_in, work) -> None:
    client = signed_in(planner)
    client.post(address(conflict, "dismiss"))
    work = WaterWork.objects.get(pk=work.pk)
    assert (work.name, work.operator) == ("一厂", "")
    assert Submission.objects.get(pk=conflict.pk).settlement == "dismissed"
    assert "settled" in page(client, address(conflict))


def test_who_may_only_look_or_is_elsewhere_decides_nothing(
    conflict, viewer, reviewer, stranger, signed_in
) -> None:
    for user, status in ((viewer, 404), (stranger, 404), (reviewer, 403)):
        client = signed_in(user)
        assert client.post(address(conflict, "decide"), {"all": "mine"}).status_code == status
        assert client.post(address(conflict, "dismiss")).status_code == status
    assert signed_in(stranger).get(address(conflict)).status_code == 404
    assert address(conflict, "decide") not in page(signed_in(reviewer), address(conflict))
    assert Client().get(address(conflict))["Location"].startswith("/login/")


def test_an_author_whose_grant_has_ended_sees_no_more_of_the_other_side(
    conflict, planner, signed_in
) -> None:
    planner.grants.update(revoked_at=timezone.now())
    shown = page(signed_in(planner), address(conflict))
    assert "一厂" not in shown
    assert "500" not in shown
    assert "一厂" not in page(signed_in(planner), "/conflicts/")


def test_a_deletion_can_stand_or_not(deletion, planner, signed_in, work) -> None:
    client = signed_in(planner)
    shown = page(client, address(deletion))
    assert "500" in shown
    client.post(address(deletion, "decide"), {"whole": "yes"})
    assert not WaterWork.objects.filter(pk=work.pk).exists()
    assert f"/map/{LAYER}/{work.pk}/history" in page(client, address(deletion))


def test_a_feature_deleted_under_an_edit_comes_back_with_it(
    planner, colleague, signed_in, work, edit
) -> None:
    edit(LAYER, "delete", work, actor=colleague)
    kept = send(planner, change(work, people_served=640))
    client = signed_in(colleague)
    assert "640" in page(client, address(kept))
    client.post(address(kept, "decide"), {"whole": "yes"})
    assert WaterWork.objects.get(pk=work.pk).people_served == 640


def test_a_held_edit_tells_which_grant_had_ended_and_is_let_in(
    held, reviewer, signed_in, work
) -> None:
    client = signed_in(reviewer)
    shown = page(client, address(held))
    assert "花垣县" in shown
    assert "777" in shown
    client.post(address(held, "admit"))
    assert WaterWork.objects.get(pk=work.pk).people_served == 777
    assert "settled" in page(client, address(held))


def test_nobody_lets_in_an_edit_of_their_own_and_a_planner_none(
    held, planner, signed_in, work
) -> None:
    own = signed_in(held.author)
    assert address(held, "admit") not in page(own, address(held))
    assert own.post(address(held, "admit")).status_code in {403, 404}
    assert signed_in(planner).post(address(held, "admit")).status_code == 403
    assert WaterWork.objects.get(pk=work.pk).people_served == 420


def test_a_split_that_no_longer_fits_is_explained_and_dismissed(
    planner, colleague, signed_in, make_feature, edit
) -> None:
    road = make_feature("roads")
    edit("roads", "delete", road, actor=colleague)
    blade = {"type": "Point", "coordinates": [IN_HUAYUAN[0] + 0.005, IN_HUAYUAN[1] + 0.0025]}
    split = EditRequest(uuid.uuid4(), "roads", Operation.SPLIT, road.pk, road.version, blade=blade)
    kept = send(planner, split)
    client = signed_in(planner)
    assert address(kept, "decide") not in page(client, address(kept))
    client.post(address(kept, "dismiss"))
    assert Submission.objects.get(pk=kept.pk).settlement == "dismissed"
    assert not Road.objects.filter(pk=road.pk).exists()


def test_a_moved_place_is_told_in_metres_and_drawn(planner, colleague, signed_in, work) -> None:
    lon, lat = IN_HUAYUAN
    for user, shift in ((colleague, 0.001), (planner, -0.001)):
        moved = {"type": "Point", "coordinates": [lon + shift, lat]}
        service.submit(actor=user, request=change(work, geometry=moved))
    kept = Submission.objects.get()
    shown = page(signed_in(planner), address(kept))
    assert "98 " in shown
    for side in ("base", "theirs", "mine"):
        assert f'"side": "{side}"' in shown


def test_personal_data_are_never_shown(planner, colleague, signed_in, make_feature) -> None:
    toilet = make_feature("toilets", householder="滕原主")
    service.submit(actor=colleague, request=change(toilet, layer="toilets", householder="滕他们"))
    kept = send(planner, change(toilet, layer="toilets", householder="滕我的"))
    client = signed_in(planner)
    shown = page(client, address(kept))
    for name in ("滕原主", "滕他们", "滕我的"):
        assert name not in shown
    client.post(address(kept, "decide"), {"side-personal": "mine"})
    assert Submission.objects.get(pk=kept.pk).settlement == "applied"
    assert Toilet.objects.get(pk=toilet.pk).personal


@pytest.mark.parametrize("query", ["page=0", "kind=x", "layer=x"])
def test_an_address_that_means_nothing_is_refused(planner, signed_in, query) -> None:
    assert signed_in(planner).get(f"/conflicts/?{query}").status_code == 400


def test_a_conflict_that_moved_away_is_not_there(conflict, steward, signed_in, account, edit):
    work = WaterWork.objects.get(pk=conflict.feature_id)
    edit(LAYER, "update", work, actor=steward, division=FENGHUANG)
    shown = page(signed_in(account("planner", HUAYUAN)), address(conflict))
    assert "history" not in shown.split("plan-columns")[0].split("<h1>")[1].split("</header>")[0]
