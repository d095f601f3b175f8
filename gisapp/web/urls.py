"""Addresses of the browser side. A comment names the guard of each group."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.i18n import JavaScriptCatalog

from gisapp.web import account, views

urlpatterns = [
    # Everyone: what a view shows depends on the visitor's grants.
    path("", views.home, name="home"),
    path("map/", views.map_workspace, name="map"),
    path("map/places.json", views.places, name="map-places"),
    path("map/<slug:layer>/<int:feature_id>", views.map_workspace, name="map-feature"),
    path("login/", views.SignIn.as_view(), name="login"),
    path("i18n/", include("django.conf.urls.i18n")),
    path(
        "i18n/catalog.js",
        JavaScriptCatalog.as_view(domain="djangojs", packages=["gisapp.web"]),
        name="javascript-catalog",
    ),
    # Plans, conflicts, history: guards stand there.
    path("", include("gisapp.web.editing.urls")),
    # Deliveries and imports: guards stand there.
    path("", include("gisapp.web.imports.urls")),
    # Exports and offline packs: guards stand there.
    path("", include("gisapp.web.exports.urls")),
    path("", include("gisapp.web.packs.urls")),
    # Signed in: one's own account.
    path("account/", account.account, name="account"),
    path("account/password/", account.PasswordChange.as_view(), name="password-change"),
    path("account/tokens", account.new_token, name="token-new"),
    path("account/tokens/<int:token_id>/revoke", account.revoke_token, name="token-revoke"),
    path("logout/", LogoutView.as_view(), name="logout"),
    # Action.ADMINISTER somewhere.
    path("", include("gisapp.web.administration.urls")),
]
