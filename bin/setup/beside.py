"""Jobs side by side."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed

AT_ONCE = 2  # cores of the smallest machine this runs on


def side_by_side(jobs: Mapping[str, Callable[[], bool]]) -> dict[str, bool]:
    """Run each job, begun in their order; what they returned, by name.

    What a job raises is raised here, once those under way have ended. Who is asked to stop ends
    the commands that jobs wait for, too (`signals.pass_on`).
    """
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        begun = {pool.submit(job): name for name, job in jobs.items()}
        results = {begun[done]: done.result() for done in as_completed(begun)}
    finally:
        pool.shutdown(cancel_futures=True)
    return {name: results[name] for name in jobs}
