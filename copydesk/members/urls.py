from __future__ import annotations

from django.urls import path

from copydesk.members import views

app_name = "members"
urlpatterns = [path("link/<str:token>/", views.use_link, name="link")]
