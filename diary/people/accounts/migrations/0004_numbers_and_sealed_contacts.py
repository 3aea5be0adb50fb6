from django.db import migrations

from diary.people.accounts.models.people import email_index, phone_index
from diary.people.accounts.rules.formats import new_number

BATCH = 500


def give_numbers_and_seal(apps, schema_editor):
    """Every account gets its number; phones and addresses that stood in clear are sealed for it."""
    user_model = apps.get_model("accounts", "User")
    while users := list(user_model.objects.filter(number=None).order_by("id")[:BATCH]):
        for user in users:
            user.number = new_number()
            user.phone, user.email = user.clear_phone, user.clear_email
            user.phone_index, user.email_index = phone_index(user.phone), email_index(user.email)
            user.save(update_fields=["number", "phone", "email", "phone_index", "email_index"])


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0002_data_key"),
        ("accounts", "0003_the_door"),
    ]

    operations = [migrations.RunPython(give_numbers_and_seal, migrations.RunPython.noop)]
