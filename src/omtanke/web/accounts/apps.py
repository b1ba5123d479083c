from django.apps import AppConfig


class Accounts(AppConfig):
    """The app of accounts."""

    name = "omtanke.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """From now on pages call staff by name. Models can be read only from here on."""
        from omtanke.web.accounts.staff_names import StaffNames
        from omtanke.web.shop import name_staff

        name_staff(StaffNames)
