"""The site's addresses."""

from __future__ import annotations

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls

from copydesk.members.urls import desk_urlpatterns

urlpatterns = [
    path("", include("copydesk.ops.urls")),
    path("desk/", include(desk_urlpatterns)),
    path("desk/", include(wagtailadmin_urls)),
    path("account/", include("copydesk.members.urls")),
    path("account/", include("allauth.urls")),
    # Readers' addresses come last: the very last of them takes every path that is left.
    path("", include("copydesk.editorial.urls")),
]

handler404 = "copydesk.editorial.views.pages.missing"
handler500 = "copydesk.ops.views.server_error"
