"""Addresses of the administration. All: Action.ADMINISTER somewhere; rows by scope."""

from django.urls import path

from gisapp.web.administration import views

urlpatterns = [
    path("administration/", views.account_list, name="administration"),
    path("administration/places", views.place_choices, name="administration-places"),
    path("administration/unmaskings", views.unmaskings, name="administration-unmaskings"),
    path("administration/accounts/new", views.new_account, name="account-new"),
    path("administration/accounts/<int:user_id>", views.account_page, name="account-page"),
    path("administration/accounts/<int:user_id>/grant", views.give, name="account-grant"),
    path("administration/accounts/<int:user_id>/disable", views.disable, name="account-disable"),
    path("administration/accounts/<int:user_id>/enable", views.enable, name="account-enable"),
    path("administration/accounts/<int:user_id>/password", views.password, name="account-password"),
    path("administration/grants/<int:grant_id>/revoke", views.revoke, name="grant-revoke"),
]
