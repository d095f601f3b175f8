"""The two addresses that bin/serve and its test ask."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("here")


urlpatterns = [path("readyz", answer), path("map/", answer)]
