"""Which summaries of flags an editor got."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class FlagDigest(models.Model):
    """When an editor was last mailed what waits, and whether they want to be; without a row they do."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="flag_digest"
    )
    is_wanted = models.BooleanField(default=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("summary of flags")

    def __str__(self) -> str:
        return f"{self.member_id}: {self.sent_at}"
