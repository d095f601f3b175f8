"""Bodies that run at once, each with a connection of its own."""

import threading
from collections.abc import Callable

from django.db import connections


class Together:
    """Bodies run in threads at once; what one raises, the test raises."""

    def __init__(self) -> None:
        self.failures: list[BaseException] = []

    def run(self, *bodies: Callable[[], None]) -> None:
        threads = [threading.Thread(target=self._run, args=(body,)) for body in bodies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.failures:
            raise self.failures[0]

    def _run(self, body: Callable[[], None]) -> None:
        try:
            body()
        except BaseException as failure:
            self.failures.append(failure)
        finally:
            connections.close_all()
