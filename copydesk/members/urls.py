from __future__ import annotations

from django.urls import path

from copydesk.members import views
from copydesk.members.views import desk

app_name = "members"
urlpatterns = [
    path("", views.account, name="account"),
    path("link/<str:token>/", views.use_link, name="link"),
]

# Under the desk, in front of Wagtail's own: these take the place of Wagtail's sign-in, which would be a second door.
desk_urlpatterns = [
    path("login/", desk.sign_in),
    path("account/", desk.AccountView.as_view()),
]
