"""The folders of orders: each its own, closed to everybody but the service."""

import shutil

from layers.models.order import Order

FOLDER_MODE = 0o700


def new_folder(order: Order) -> None:
    """Empty, whatever a worker that died has left in it."""
    remove_files(order)
    order.folder.mkdir(parents=True, mode=FOLDER_MODE)
    order.folder.chmod(FOLDER_MODE)


def remove_files(order: Order) -> None:
    if order.folder.exists():
        shutil.rmtree(order.folder)


def remove_strays(kind: type[Order]) -> None:
    """Folders that belong to nothing: of accounts that were deleted, or of a crash between two
    steps."""
    if not kind.folders().exists():
        return
    known = {str(uid) for uid in kind._default_manager.values_list("uid", flat=True)}
    for folder in kind.folders().iterdir():
        if folder.name not in known:
            shutil.rmtree(folder)
