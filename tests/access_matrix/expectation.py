"""What a route should answer to whom: the words the table is written in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from layers.access.roles import PERMISSIONS, Action, Role
from tests.access_matrix.scene import Scene, Spot

ANONYMOUS, NOBODY, SUPERUSER = "anonymous", "nobody", "superuser"
READERS = (ANONYMOUS, NOBODY, *(role.value for role in Role))
EVERYBODY = (*READERS, SUPERUSER)
"""No account; an account without a grant; one account a role, granted in one county."""
SOME = (ANONYMOUS, Role.VIEWER.value, Role.ADMINISTRATOR.value, SUPERUSER)
"""Who asks for further addresses, too."""


@dataclass(frozen=True)
class Expect:
    """Statuses. `ok` for who may do `action` where the object is, or for everybody without one.

    `denied` answers a role that may not, `outside` one whose grants do not reach the object
    (None: the route has no object), `lacking` one that may not even inside and asks outside.
    """

    ok: int = 200
    action: Action | None = None
    denied: int = 403
    outside: int | None = None
    lacking: int | None = None
    nobody: int = 403
    anonymous: int = 401

    def status(self, account: str, *, inside: bool) -> int:
        if self.action is None and account != ANONYMOUS:
            return self.ok
        if account == SUPERUSER:
            return self.ok
        if account in {ANONYMOUS, NOBODY}:
            return self.anonymous if account == ANONYMOUS else self.nobody
        may = self.action in PERMISSIONS[Role(account)]
        if inside or self.outside is None:
            return self.ok if may else self.denied
        return self.outside if may or self.lacking is None else self.lacking


def everyone(status: int = 200) -> Expect:
    """The same for all, with or without an account."""
    return Expect(status, anonymous=status)


def accounts(status: int = 200, *, anonymous: int = 302) -> Expect:
    """For every account, whatever its grants."""
    return Expect(status, anonymous=anonymous)


def page(action: Action = Action.VIEW, **more: Any) -> Expect:
    """A page for those who may do this somewhere; others are sent to sign in, or refused."""
    return Expect(**{"action": action, "anonymous": 302, **more})


def record(action: Action = Action.VIEW, **more: Any) -> Expect:
    """A page about one thing: one outside looks like one that is not."""
    return page(action, **{"outside": 404, **more})


def resource(action: Action = Action.VIEW, **more: Any) -> Expect:
    """One thing in an API: who may not see it is told that it is not there."""
    return Expect(**{"action": action, "outside": 404, "nobody": 404, "anonymous": 404, **more})


@dataclass(frozen=True)
class Entry:
    """One method of one route.

    `fill` gives path parameters other than the usual ones (see Spot.usual); `body` what is sent:
    JSON for the machines' addresses, else a form. `queries` and `other` are further addresses
    whose bytes are compared. `public` marks an object that anybody may see where it is disclosed:
    one inside is compared then, and none outside. `unmasks`: the one call for personal data.
    """

    method: str
    pattern: str
    expect: Expect
    fill: Mapping[str, Callable[[Spot], object]] = field(default_factory=dict)
    queries: tuple[str, ...] = ()
    other: Callable[[Scene], list[str]] = lambda _scene: []
    body: Callable[[Spot], dict[str, Any]] | None = None
    headers: Callable[[Spot], dict[str, str]] = lambda _spot: {}
    public: bool = False
    unmasks: bool = False

    @property
    def title(self) -> str:
        return f"{self.method} /{self.pattern}"

    @property
    def placed(self) -> bool:
        """Whether the route is about an object that lies inside or outside."""
        return self.expect.outside is not None or self.public

    def path(self, spot: Spot) -> str:
        values = spot.usual() | {name: give(spot) for name, give in self.fill.items()}
        return "/" + self.pattern.format(**values)

    def addresses(self, scene: Scene, reader: str) -> list[str]:
        """Every address of this route that is read and compared; the further ones by some readers:
        all roles see the same places, and there are hundreds of pages to wait for."""
        spots = [scene.inside, scene.outside] if self.placed and not self.public else [scene.inside]
        paths = [self.path(spot) for spot in spots]
        asked = [paths[0] + query for query in self.queries] if reader in SOME else []
        other = self.other(scene) if reader in SOME else []
        return list(dict.fromkeys([*paths, *asked, *other]))
