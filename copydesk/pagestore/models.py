"""What has to be rendered anew: one row for each change of something published, written with the change itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Expiry(models.Model):
    """Pages with one of these tags that were made before this row was committed are not served any more.

    Ids grow in the order of commits (`actions.expire_tags` sees to it), so a node that has seen an id has seen all
    before it.
    """

    # Parted by blanks.
    tags = models.TextField()
    created_at = models.DateTimeField()
    # For the content delivery network, where there is one: when it is to be told (again), how often that has been
    # done, how often it failed since. None: nothing is left to do.
    purge_due_at = models.DateTimeField(null=True)
    purge_count = models.PositiveSmallIntegerField(default=0)
    purge_failed_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("expiry")
        indexes = [
            models.Index(
                fields=["purge_due_at"],
                condition=models.Q(purge_due_at__isnull=False),
                name="expiry_purge_due",
            ),
            models.Index(fields=["created_at"], name="expiry_created"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.tags}"
