"""The folders of orders: each its own, closed to everybody but the service."""

import shutil
from pathlib import Path
from typing import Any

from layers.models.order import Order

FOLDER_MODE = 0o700


def new_folder(order: Order) -> None:
    """Empty, whatever a worker that died has left in it."""
    remove_files(order)
    order.folder.mkdir(parents=True, mode=FOLDER_MODE)
    order.folder.chmod(FOLDER_MODE)


def remove_files(order: Order) -> None:
    _remove(order.folder)


def remove_strays(kind: type[Order]) -> None:
    """Folders that belong to nothing: of accounts that were deleted, or of a crash between two
    steps."""
    if not kind.folders().exists():
        return
    # Looked for first: an order has its row before its folder.
    folders = list(kind.folders().iterdir())
    known = {str(uid) for uid in kind._default_manager.values_list("uid", flat=True)}
    for folder in folders:
        if folder.name not in known:
            _remove(folder)


def _remove(folder: Path) -> None:
    """Nothing where it is not there; somebody else may be removing it at the same moment."""
    shutil.rmtree(folder, onerror=_unless_gone)


def _unless_gone(_function: object, _path: str, failure: Any) -> None:
    error: BaseException = failure[1]
    if not isinstance(error, FileNotFoundError):
        raise error
