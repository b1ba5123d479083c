from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_looks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="look",
            name="what",
            field=models.CharField(
                choices=[
                    ("customer", "Customer"),
                    ("promise", "Promise"),
                    ("data", "Data"),
                    ("export", "Export"),
                    ("act", "Act"),
                    ("listed", "Listed"),
                    ("identities", "Identities"),
                    ("pair", "Pair"),
                    ("wire", "Wire"),
                ],
                max_length=16,
            ),
        ),
    ]
