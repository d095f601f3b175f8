"""Reference data and grants in Django's admin. Layer tables and the journal never: those are
written by the editing service alone, and the database refuses anyone else."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from layers.models import CodeItem, Division, Grant, User, Zone, ZoneMember


class ReadOnly:
    """Shown and never changed here: its writes go through a service that journals them."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class GrantInline(ReadOnly, admin.TabularInline[Grant, User]):
    model = Grant
    fk_name = "user"
    extra = 0


@admin.register(User)
class AccountAdmin(UserAdmin[User]):
    list_display = ("username", "office", "is_active", "is_staff", "demonstration", "last_login")
    list_filter = ("is_active", "is_staff", "demonstration", "grants__role")
    search_fields = ("username", "first_name", "last_name", "office")
    fieldsets = (*(UserAdmin.fieldsets or ()), (None, {"fields": ("office", "demonstration")}))
    inlines = [GrantInline]


@admin.register(Grant)
class GrantAdmin(ReadOnly, admin.ModelAdmin[Grant]):
    """Grants are given and ended at /administration/, where each act is journalled."""

    list_display = ("user", "role", "division", "zone", "granted_at", "revoked_at")
    list_filter = ("role", "zone")
    search_fields = ("user__username", "division__name", "division__code")
    list_select_related = ("user", "division", "zone")


@admin.register(CodeItem)
class CodeItemAdmin(admin.ModelAdmin[CodeItem]):
    """A code that lapses gets an end of validity: what was recorded with it stays readable."""

    list_display = ("list_name", "code", "zh", "en", "position", "valid_from", "valid_to")
    list_filter = ("list_name",)
    search_fields = ("code", "zh", "en")

    def has_delete_permission(self, request: HttpRequest, obj: CodeItem | None = None) -> bool:
        return False


@admin.register(Division)
class DivisionAdmin(admin.ModelAdmin[Division]):
    """Codes and boundaries come with reference data; names and validity are a bureau's to edit."""

    list_display = ("code", "name", "level", "valid_from", "valid_to", "successor")
    list_filter = ("level",)
    search_fields = ("=code", "name")
    fields = ("code", "name", "level", "parent", "valid_from", "valid_to", "successor")
    readonly_fields = ("code", "level")
    raw_id_fields = ("parent", "successor")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Division | None = None) -> bool:
        return False


class MemberInline(admin.TabularInline[ZoneMember, Zone]):
    model = ZoneMember
    extra = 0
    raw_id_fields = ("division",)


@admin.register(Zone)
class ZoneAdmin(admin.ModelAdmin[Zone]):
    """The boundary follows from the members, and is edited on the map."""

    list_display = ("code", "name", "programme", "valid_from", "valid_to")
    exclude = ("boundary",)
    inlines = [MemberInline]
