"""Readers' addresses."""

from __future__ import annotations

from django.urls import path, re_path

from copydesk.editorial import feeds, sitemaps
from copydesk.editorial.views import files, menu, pages

app_name = "editorial"
urlpatterns = [
    path("", pages.front, name="front"),
    path("latest/", pages.latest, name="latest"),
    path("topics/", pages.topics, name="topics"),
    path("topics/<slug:slug>/", pages.topic, name="topic"),
    path("people/", pages.people, name="people"),
    path("people/<slug:slug>/", pages.person, name="person"),
    path("series/<slug:slug>/", pages.series, name="series"),
    path("archive/", pages.archive, name="archive"),
    re_path(r"^archive/(?P<year>[12][0-9]{3})/$", pages.archive_period, name="archive_year"),
    re_path(
        r"^archive/(?P<year>[12][0-9]{3})/(?P<month>0?[1-9]|1[0-2])/$",
        pages.archive_period,
        name="archive_month",
    ),
    path("search/", pages.search, name="search"),
    *feeds.urlpatterns,
    *sitemaps.urlpatterns,
    path("-/menu/", menu.menu, name="menu"),
    path("-/patterns/", pages.patterns, name="patterns"),
    path("theme/accent.css", files.accent_css, name="accent_css"),
    re_path(
        r"^images/(?P<signature>[\w=-]+)/(?P<pk>[0-9]+)/(?P<size>[\w-]+)\.(?P<form>avif|webp|jpeg)$",
        files.picture,
        name="picture",
    ),
    path("files/<int:pk>/<str:name>", files.attachment, name="attachment"),
    # Every other path may be an article's or a static page's; it comes last of all.
    re_path(r"^(?P<path>[^/].*)$", pages.page, name="page"),
]
