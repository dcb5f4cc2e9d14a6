from __future__ import annotations

from django.urls import path

from copydesk.editorial import views

app_name = "editorial"
urlpatterns = [
    path("images/<str:signature>/<int:pk>/<str:spec>/<str:name>", views.todo, name="picture"),
    path("files/<int:pk>/<str:name>", views.todo, name="attachment"),
    path("topics/<slug:slug>/", views.todo, name="topic"),
    path("people/<slug:slug>/", views.todo, name="person"),
    path("series/<slug:slug>/", views.todo, name="series"),
]
