"""Who works here, the links and attempts that lead in, and what staff have done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone


class Role(models.TextChoices):
    """What somebody does here."""

    LEAD = "lead"
    SERVICE = "service"
    STORE = "store"
    ANALYST = "analyst"
    DEVELOPER = "developer"


class StaffManager(BaseUserManager["Staff"]):
    """Accounts by e-mail, in small letters."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(email=(username or "").strip().lower())

    def create_staff(self, email: str, name: str, role: Role, password: str | None = None, units: Iterable[str] = ()) -> Staff:
        """A new account. Without a password nobody can sign in to it but by a link."""
        staff = self.model(email=email.strip().lower(), name=name.strip(), role=role, units=sorted(units), accepted_at=timezone.now())
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def invite(self, email: str, role: Role, units: Iterable[str], language: str) -> Staff:
        """An account that waits for its owner: no name yet, and no way in but the invitation."""
        staff = self.model(email=email.strip().lower(), name="", role=role, units=sorted(units), language=language)
        staff.set_password(None)
        staff.save(using=self._db)
        return staff


class Staff(AbstractBaseUser):
    """Somebody who works here. `language` is the one they last chose, empty for the browser's.

    `accepted_at` is empty while an invitation waits. `units` are those they answer for. `subject` is who they are to
    the provider that signs them in, once they have come that way.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=Role.choices)
    language = models.CharField(max_length=8, blank=True, default="")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True)
    units = models.JSONField(default=list)
    subject = models.CharField(max_length=512, blank=True, default="")

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]

    objects: ClassVar[StaffManager] = StaffManager()

    def __str__(self) -> str:
        return self.email

    @property
    def called(self) -> str:
        """Their name; their address, until they have told it."""
        return self.name or self.email

    @property
    def is_here(self) -> bool:
        """Whether they can sign in: they have come, and nobody has closed their account."""
        return self.is_active and self.accepted_at is not None


class Purpose(models.TextChoices):
    """What a link is for."""

    FIRST = "first"
    DEMO = "demo"
    INVITE = "invite"
    RESET = "reset"


class StartLink(models.Model):
    """A link that works once. Only the digest of its token is kept. `staff`: whose account it opens, where there is one."""

    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    staff = models.ForeignKey(Staff, null=True, on_delete=models.CASCADE)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose} {self.digest[:8]}"


class FailedSignIn(models.Model):
    """An attempt to sign in that failed, by digest of who and from where; kept for as long as it counts."""

    who = models.CharField(max_length=64, db_index=True)
    failed_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.who[:8]} {self.failed_at:%Y-%m-%d %H:%M}"


class Factor(models.Model):
    """The second step of signing in: a secret shared with somebody's phone, sealed. `last_step`: of the last code that was taken."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE)
    sealed = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.staff)


class RecoveryCode(models.Model):
    """A code for the day the phone is lost, by its keyed digest; each works once."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE)
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.digest[:8]


class Seen(models.TextChoices):
    """What somebody has seen, or done with, that is a customer's own."""

    CUSTOMER = "customer"
    PROMISE = "promise"
    DATA = "data"
    EXPORT = "export"
    ACT = "act"
    LISTED = "listed"
    IDENTITIES = "identities"
    PAIR = "pair"
    WIRE = "wire"


class Look(models.Model):
    """Somebody has looked at a customer, who is named by number only: once for each quarter of an hour, which `at` begins;
    in a list once for each day of the shop's. Nobody in particular: a command."""

    who = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="looks")
    customer = models.BigIntegerField()
    what = models.CharField(max_length=16, choices=Seen.choices)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("who", "customer", "what", "at"), name="once_a_quarter")]
        indexes: ClassVar = [models.Index(fields=("customer", "at"), name="looks_at_customer")]

    def __str__(self) -> str:
        return f"{self.who_id} {self.what} {self.customer}"


class Deed(models.TextChoices):
    """What staff do that is on record."""

    SIGNED_IN = "signed_in"
    INVITED = "invited"
    ACCEPTED = "accepted"
    LINK_MADE = "link_made"
    PASSWORD_SET = "password_set"
    ROLE_CHANGED = "role_changed"
    UNITS_CHANGED = "units_changed"
    CLOSED = "closed"
    OPENED = "opened"
    CODE_ON = "code_on"
    CODE_OFF = "code_off"
    CODE_RESET = "code_reset"
    RECOVERY_USED = "recovery_used"
    RECOVERY_RENEWED = "recovery_renewed"


class Act(models.Model):
    """Something that staff did: when, who, what, and to whose account. `detail` is a code: a role, units, the way in."""

    at = models.DateTimeField(db_index=True)
    who = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="acts")
    deed = models.CharField(max_length=24, choices=Deed.choices)
    whom = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="acts_upon")
    detail = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.who_id} {self.deed} {self.whom_id}"
