from django.apps import AppConfig


class Accounts(AppConfig):
    """The app of accounts."""

    name = "omtanke.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
