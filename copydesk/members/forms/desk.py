"""What is said of members at the desk: by themselves, and by owners."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from copydesk.kit import clock
from copydesk.members import actions, policies
from copydesk.members.forms.joining import clean_name
from copydesk.members.models import Member, Role


class NameForm(forms.ModelForm[Member]):
    """Lets members change how they are called."""

    class Meta:
        model = Member
        fields = ("name",)

    name = forms.CharField(label=_("Name"), max_length=100)

    def clean_name(self) -> str:
        """Return the name on one line."""
        return clean_name(self.cleaned_data["name"])


class MemberForm(WagtailAdminModelForm):
    """Lets owners add a member and say what they are. An address, once given, is changed by its member alone."""

    name = forms.CharField(label=_("Name"), max_length=100)
    role = forms.ChoiceField(
        label=_("Role"),
        required=False,
        choices=[("", _("Reader: no access to the desk")), *Role.choices],
        widget=forms.RadioSelect,
    )

    instance: Member

    class Meta:
        model = Member
        fields = ("name", "email", "role", "tier", "is_active")

    def __init__(self, *args: Any, editing_self: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["email"].disabled = True
            self.fields["email"].help_text = _("Members change their address themselves.")
            self.fields["role"].initial = self.instance.role or ""
        if editing_self:
            del self.fields["is_active"]

    def clean_name(self) -> str:
        """Return the name on one line."""
        return clean_name(self.cleaned_data["name"])

    def clean_email(self) -> str:
        """Return the address in lower case, as it is kept."""
        email: str = self.cleaned_data["email"].lower()
        if Member.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is a member with this address."))
        return email

    def clean(self) -> dict[str, Any]:
        """Keep the publication an owner, and roles in owners' hands."""
        cleaned: dict[str, Any] = super().clean()
        if not policies.may_give_roles(self.for_user):
            raise ValidationError(_("Only owners give roles."))
        stays_owner = cleaned.get("role") == Role.OWNER and cleaned.get("is_active", True)
        if self.instance.pk and not stays_owner and policies.is_last_owner(self.instance):
            raise ValidationError(
                _("The publication needs an owner: make somebody else one first.")
            )
        return cleaned

    def save(self, commit: bool = True) -> Member:  # noqa: ARG002, FBT001, FBT002 - Django's signature
        """Write what was said, each by its action."""
        said = self.cleaned_data
        member = self.instance
        if not member.pk:
            member = self.instance = actions.create_member(email=said["email"], name=said["name"])
        member.name, member.tier = said["name"], said["tier"]
        member.is_active = said.get("is_active", member.is_active)
        member.save(update_fields=["name", "tier", "is_active"])
        role = Role(said["role"]) if said["role"] else None
        actions.set_role(member=member, role=role, by=self.for_user, at=clock.now())
        return member
