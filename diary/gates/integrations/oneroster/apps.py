"""OneRoster: hands its reader of CSV sets to the school import."""

from django.apps import AppConfig


class OneRosterConfig(AppConfig):
    name = "diary.gates.integrations.oneroster"
    label = "oneroster"

    def ready(self) -> None:
        from diary.gates.integrations.oneroster.csv_bulk import is_one_roster, read_bulk
        from diary.people.intake.reading.formats import ImportFormat, import_formats

        import_formats.add(
            "oneroster",
            ImportFormat(
                name="oneroster",
                fits=is_one_roster,
                read=lambda uploads, report, today, school_id: read_bulk(
                    uploads, report, today=today, school_id=school_id
                ),
            ),
        )
