"""Who works here, and the links and attempts that lead in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


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

    def create_staff(self, email: str, name: str, role: Role, password: str | None = None) -> Staff:
        """A new account. Without a password nobody can sign in to it but by a link."""
        staff = self.model(email=email.strip().lower(), name=name.strip(), role=role)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


class Staff(AbstractBaseUser):
    """Somebody who works here. `language` is the one they last chose, empty for the browser's."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=16, choices=Role.choices)
    language = models.CharField(max_length=8, blank=True, default="")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]

    objects: ClassVar[StaffManager] = StaffManager()

    def __str__(self) -> str:
        return self.email


class Purpose(models.TextChoices):
    """What a link is for."""

    FIRST = "first"
    DEMO = "demo"


class StartLink(models.Model):
    """A link that works once. Only the digest of its token is kept."""

    digest = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
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
