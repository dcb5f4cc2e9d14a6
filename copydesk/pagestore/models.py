"""What has to be rendered anew: one row for each change of something published, written with the change itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import datetime


class Expiries(models.QuerySet["Expiry"]):
    """Narrows expiries by what the content delivery network has been told of them."""

    def waiting(self) -> Expiries:
        """Those the network is still to be told of, be it for the second time."""
        return self.filter(purge_due_at__isnull=False)

    def due(self, at: datetime) -> Expiries:
        """Those it is to be told of now."""
        return self.filter(purge_due_at__lte=at)

    def failing(self) -> Expiries:
        """Those it could not be told of when it was last tried."""
        return self.waiting().filter(purge_failed_count__gt=0)


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

    objects = Expiries.as_manager()

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
