"""What the list of accounts was asked for, read from its address."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from layers.access.administration import Administered
from layers.access.policy import Scope
from layers.access.roles import Role
from layers.divisions.location import LEVEL_CUTS
from layers.errors import BadRequest
from layers.models import Grant, User, ZoneMember

LAST_PAGE = 100_000
STATES = ("active", "disabled")


@dataclass(frozen=True, slots=True)
class AccountFilters:
    """Each empty text means no such filter."""

    search: str = ""
    role: str = ""
    county: str = ""
    state: str = ""
    page: int = 1

    @classmethod
    def read(cls, query: QueryDict) -> "AccountFilters":
        """Raises BadRequest for a page, role, county or state that cannot be."""
        page = query.get("page", "1")
        role, state, county = (query.get(name, "") for name in ("role", "state", "county"))
        known = role in {"", *Role} and (not state or state in STATES)
        if not page.isdecimal() or not 1 <= int(page) <= LAST_PAGE or not known:
            raise BadRequest(_("There is no such page of the list."))
        if county and not (county.isascii() and county.isdecimal()):
            raise BadRequest(_("There is no such page of the list."))
        search = query.get("q", "").replace("\x00", "").strip()[:80]
        return cls(search, role, county, state, int(page))

    def rows(self, administered: Administered) -> QuerySet[User]:
        """The accounts that match, by name; grants elsewhere neither match nor show."""
        rows = administered.accounts()
        if self.search:
            fields = ("username", "first_name", "last_name", "office")
            named = (Q(**{f"{field}__icontains": self.search}) for field in fields)
            rows = rows.filter(Q(*named, _connector=Q.OR))
        if self.state:
            rows = rows.filter(is_active=self.state == "active")
        if self.role or self.county:
            rows = rows.filter(pk__in=self._grants(administered).values("user"))
        return rows.order_by("username")

    def _grants(self, administered: Administered) -> QuerySet[Grant]:
        grants = current(administered)
        if self.role:
            grants = grants.filter(role=self.role)
        return grants.filter(_reaching(self.county)) if self.county else grants

    def query(self, page: int) -> str:
        """The address of another page of the same list."""
        named = {"q": self.search, "role": self.role, "county": self.county, "state": self.state}
        query = QueryDict(mutable=True)
        query.update({name: value for name, value in named.items() if value})
        query["page"] = str(page)
        return query.urlencode()


def current(administered: Administered) -> QuerySet[Grant]:
    """The grants in force now that the administrator sees."""
    now = timezone.now()
    return administered.grants().filter(granted_at__lte=now).exclude(revoked_at__lte=now)


def _reaching(county: str) -> Q:
    """Grants that hold in a county or a part of it: of it, its parts, what it is part of, zones."""
    digits = county[:6]
    above = [digits[:cut].ljust(12, "0") for cut in LEVEL_CUTS if cut < len(digits)]
    zones = ZoneMember.objects.filter(division=digits.ljust(12, "0")).values("zone")
    return (
        Scope.of([digits]).q("division_id")
        | Q(division__in=above)
        | Q(zone__in=zones)
        | Q(division__isnull=True, zone__isnull=True)
    )
