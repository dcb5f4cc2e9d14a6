"""The site's addresses."""

from __future__ import annotations

from django.urls import include, path, re_path
from wagtail.admin import urls as wagtailadmin_urls

from copydesk.editorial.views import pages
from copydesk.members.urls import desk_urlpatterns

urlpatterns = [
    path("", include("copydesk.ops.urls")),
    path("desk/", include(desk_urlpatterns)),
    path("desk/", include(wagtailadmin_urls)),
    path("account/", include("copydesk.members.urls")),
    path("account/", include("allauth.urls")),
    path("", include("copydesk.sources.urls")),
    path("", include("copydesk.record.urls")),
    path("", include("copydesk.federation.urls")),
    # Readers' addresses come last: the very last of them takes every path that is left.
    path("", include("copydesk.editorial.urls")),
    # Never reached: the name and shape by which Wagtail writes the addresses of pages.
    re_path(r"^((?:[\w-]+/)*)$", pages.page, name="wagtail_serve"),
]

handler404 = "copydesk.editorial.views.pages.missing"
handler500 = "copydesk.ops.views.server_error"
