"""What is asked for at the door, on one's own account, and of the lead."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from omtanke.web.accounts.models import Role, Staff
from omtanke.web.accounts.words import role, unit

LONGEST_CODE = 40


def email_field() -> forms.EmailField:
    return forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"}))


def name_field() -> forms.CharField:
    return forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))


def new_password_field(label: object = _("Password")) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        help_text=_("At least ten characters. A few words that only you would put together are the easiest to remember."),
        strip=False,
        max_length=1_000,
        validators=[validate_password],
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


def code_field(label: object = _("The code on your phone")) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "none", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=LONGEST_CODE, widget=widget)  # type: ignore[arg-type]


def own_password_field() -> forms.CharField:
    return forms.CharField(
        label=_("The password you have"), strip=False, max_length=1_000, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class SignInForm(forms.Form):
    """E-mail and password."""

    email = email_field()
    password = forms.CharField(label=_("Password"), strip=False, max_length=1_000, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))


class CodeForm(forms.Form):
    """The second step."""

    code = code_field()


class EmailForm(forms.Form):
    """Whose password is forgotten."""

    email = email_field()


class FirstAccountForm(forms.Form):
    """The account of the first person."""

    name = name_field()
    email = email_field()
    password = new_password_field()


class WelcomeForm(forms.Form):
    """Somebody who was invited: a name and a password."""

    name = name_field()
    password = new_password_field()


class NewPasswordForm(forms.Form):
    """A password in place of a forgotten one."""

    password = new_password_field()


class NameForm(forms.Form):
    """What one wants to be called."""

    name = name_field()


class ChangePasswordForm(forms.Form):
    """Another password, by the one who knows the old one."""

    old = own_password_field()
    password = new_password_field(_("The new one"))


class AgainForm(forms.Form):
    """Who you are, once more: the password, if there is one, and a code."""

    old = own_password_field()
    code = code_field(_("A code from your phone, or a recovery code"))

    def __init__(self, *args: object, has_password: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not has_password:
            del self.fields["old"]


class ColleagueForm(forms.Form):
    """What a colleague does here, and what they answer for."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    units = forms.MultipleChoiceField(label=_("Answers for"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, units: Sequence[str], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        roles, answered = self.fields["role"], self.fields["units"]
        assert isinstance(roles, forms.ChoiceField) and isinstance(answered, forms.ChoiceField)
        roles.choices = [(one.value, role(one)) for one in Role]
        answered.choices = [(one, unit(one)) for one in units]


class InviteForm(ColleagueForm):
    """Somebody new."""

    email = forms.EmailField(label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    field_order = ("email", "role", "units")

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        if Staff.objects.filter(email=email).exists():
            raise forms.ValidationError(_now("%(email)s has an account already; you find it on the page Staff.") % {"email": email})
        return email
