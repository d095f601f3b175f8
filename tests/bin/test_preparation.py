"""The environment that the service and the tests are started with."""

from setup.preparation import service_environ
from setup.state import State


def test_byte_code_is_kept_in_the_state_folder_also_where_the_caller_wants_none(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
    made = service_environ(
        State(tmp_path),
        tmp_path / "venv",
        {"SECRET_KEY": "one", "FIELD_KEY": "two"},
        "postgis:///x",
    )
    assert "PYTHONDONTWRITEBYTECODE" not in made
    assert made["PYTHONPYCACHEPREFIX"] == str(tmp_path / "bytecode")
