"""Files and columns of the OneRoster CSV binding, 1.1 and 1.2, that we read (field → title in the file)."""

from collections.abc import Mapping

FILES: Mapping[str, Mapping[str, str]] = {
    "manifest": {"name": "propertyName", "value": "value"},
    "orgs": {
        "code": "sourcedId",
        "status": "status",
        "name": "name",
        "kind": "type",
        "parent": "parentSourcedId",
    },
    "academicSessions": {
        "code": "sourcedId",
        "status": "status",
        "title": "title",
        "kind": "type",
        "starts_on": "startDate",
        "ends_on": "endDate",
        "parent": "parentSourcedId",
        "year": "schoolYear",
    },
    "courses": {
        "code": "sourcedId",
        "status": "status",
        "title": "title",
        "grades": "grades",
        "subjects": "subjects",
    },
    "classes": {
        "code": "sourcedId",
        "status": "status",
        "title": "title",
        "grades": "grades",
        "course": "courseSourcedId",
        "class_code": "classCode",
        "kind": "classType",
        "room": "location",
        "school": "schoolSourcedId",
        "sessions": "termSourcedIds",
        "subject": "subjects",
    },
    "users": {
        "code": "sourcedId",
        "status": "status",
        "enabled": "enabledUser",
        "orgs": "orgSourcedIds",
        "role": "role",
        "login": "username",
        "first_name": "givenName",
        "last_name": "familyName",
        "middle_name": "middleName",
        "email": "email",
        "sms": "sms",
        "phone": "phone",
        "children": "agentSourcedIds",
        "primary_org": "primaryOrgSourcedId",
    },
    "roles": {
        "code": "sourcedId",
        "status": "status",
        "user": "userSourcedId",
        "role": "role",
        "org": "orgSourcedId",
    },
    "enrollments": {
        "code": "sourcedId",
        "status": "status",
        "class": "classSourcedId",
        "school": "schoolSourcedId",
        "student": "userSourcedId",
        "role": "role",
        "primary": "primary",
        "starts_on": "beginDate",
        "ends_on": "endDate",
    },
    "demographics": {"code": "sourcedId", "born_on": "birthDate", "gender": "sex"},
}

NEEDED_FILES = ("orgs", "academicSessions", "courses", "classes", "users", "enrollments")

NEEDED_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "manifest": ("name", "value"),
    "orgs": ("code", "name", "kind"),
    "academicSessions": ("code", "title", "kind", "starts_on", "ends_on"),
    "courses": ("code", "title"),
    "classes": ("code", "title", "kind", "school"),
    "users": ("code", "first_name", "last_name"),
    "roles": ("user", "role", "org"),
    "enrollments": ("code", "class", "student", "role"),
    "demographics": ("code",),
}

SAME_COLUMN: Mapping[str, Mapping[str, str]] = {
    "classes": dict.fromkeys(("form_teacher", "teachers", "subgroup", "classes"), "code"),
    "enrollments": {"subgroup": "class"},
}
"""Fields that a check may speak of and that stand in another field's column."""

MISSPELT = {"agentSourcedIds": ("agentSourceIds",)}

VERSIONS = ("1.1", "1.2")

ALL_TITLES = frozenset(title for columns in FILES.values() for title in columns.values())
