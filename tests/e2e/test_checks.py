"""The issues in a feature's sheet, and the button that fixes one."""

import re
import uuid
from collections.abc import Callable

from playwright.sync_api import expect

from tests.e2e.mapview import MapPage

OpenMap = Callable[..., MapPage]

SEND = """body => fetch('/api/edits', {
    method: 'POST',
    headers: {
        'Content-Type': 'application/json',
        'X-CSRFToken': document.querySelector('meta[name="csrf-token"]').content,
    },
    body: JSON.stringify(body),
}).then((response) => response.json())"""


def test_a_wrong_length_is_shown_to_editors_and_fixed_by_a_button(open_map: OpenMap) -> None:
    view = open_map("planner")
    view.settle()
    created = view.page.evaluate(
        SEND,
        {
            "uid": str(uuid.uuid4()),
            "layer": "roads",
            "operation": "create",
            "geometry": {"type": "LineString", "coordinates": [[109.45, 28.55], [109.45, 28.56]]},
            "properties": {"name": "里程有误路", "admin_class": "village", "length_m": 9999},
        },
    )
    address = f"/map/roads/{created['feature_id']}"
    reader = open_map("viewer", address)
    expect(reader.page.locator("#map-sheet article.sheet")).to_be_visible()
    expect(reader.page.locator("[data-issue]")).to_have_count(0)

    view.page.goto(address)
    issue = view.page.locator(f"[data-issue='roads.road-length.{created['feature_id']}']")
    expect(issue).to_contain_text("9999.0")
    with view.page.expect_response("**/fix"), view.page.expect_navigation():
        issue.get_by_role("button").click()
    expect(view.page.locator("#map-sheet article.sheet")).to_contain_text(re.compile("1,?108"))
    expect(view.page.locator("[data-issue]")).to_have_count(0)
