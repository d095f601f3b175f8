"""Requests made up from the published definition, and mutilated ones: never a 5xx, and no answer
that the definition does not know."""

import re
import traceback
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.layers.ogc.clients.conftest import basic

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
# One layer of each kind: the others differ in their fields only.
ASKED = re.compile(r"/((conformance|api|collections)?|collections/(roads|assets|zones)(/.*)?)$")
EXAMPLES = {GenerationMode.POSITIVE: 1, GenerationMode.NEGATIVE: 60}


@pytest.fixture(scope="module")
def operations(ogc: str) -> list[Any]:
    definition = schemathesis.openapi.from_url(f"{ogc}api?f=json", headers=basic("planner"))
    found = [each.ok() for each in definition.get_all_operations()]
    return [each for each in found if ASKED.fullmatch(each.path)]


@pytest.mark.parametrize("mode", EXAMPLES, ids=lambda mode: mode.value)
def test_made_up_requests_get_answers_that_the_definition_knows(
    operations: list[Any], mode: GenerationMode
) -> None:
    assert len(operations) > 25
    problems = [problem for each in operations for problem in problems_of(each, mode)]
    assert not problems, "\n\n".join(problems)


def problems_of(operation: Any, mode: GenerationMode) -> Iterator[str]:
    """What is wrong with the answers of one operation; the same requests on every run."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=EXAMPLES[mode],
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        case.call_and_validate(headers=basic("planner"), checks=CHECKS)

    if mode is GenerationMode.NEGATIVE and not takes_anything(operation):
        return
    try:
        ask()
    except (Exception, BaseExceptionGroup) as error:
        yield f"{operation.label}: {''.join(traceback.format_exception_only(error))}"


def takes_anything(operation: Any) -> bool:
    return bool(operation.query or operation.path_parameters or operation.body)
