"""Who is whose: students, guardians, staff, classes and subgroups, courses, dated enrolment; how families come in."""

from diary.people.roster.models.devices import ChildDevice, DevicePass
from diary.people.roster.models.families import FamilySchool, GuardianRequest, StudentDocument
from diary.people.roster.models.people import (
    OFFICE,
    Course,
    CourseRows,
    CourseTeacher,
    CourseTeacherRows,
    Enrollment,
    EnrollmentRows,
    Group,
    Guardian,
    GuardianRows,
    ImportRun,
    ImportRunRows,
    Person,
    Staff,
    StaffRows,
    Student,
    StudentRows,
)

__all__ = [
    "OFFICE",
    "ChildDevice",
    "Course",
    "CourseRows",
    "CourseTeacher",
    "CourseTeacherRows",
    "DevicePass",
    "Enrollment",
    "EnrollmentRows",
    "FamilySchool",
    "Group",
    "Guardian",
    "GuardianRequest",
    "GuardianRows",
    "ImportRun",
    "ImportRunRows",
    "Person",
    "Staff",
    "StaffRows",
    "Student",
    "StudentDocument",
    "StudentRows",
]
