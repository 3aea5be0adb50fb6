"""How big the measured schools are."""

from dataclasses import dataclass

PUPILS_IN_CLASS = 25
LESSONS_IN_PERIOD = 24
ACCOUNTS_OF_SCHOOL = 10_000  # user ids of school n start at n times this
TEACHERS, PUPILS, PARENTS = 0, 1_000, 5_000  # first ids within a school


@dataclass(frozen=True)
class Shape:
    """A database to measure on: every pupil has `subjects` × 24 marks in the measured period."""

    database: str
    schools: int
    classes: int
    subjects: int

    @property
    def pupils(self) -> int:
        return self.schools * self.classes * PUPILS_IN_CLASS

    @property
    def marks(self) -> int:
        return self.pupils * self.subjects * LESSONS_IN_PERIOD


SCHOOL = Shape("bench_school", schools=1, classes=40, subjects=12)  # 1,000 pupils × 288 marks
ONE = Shape("bench_one", schools=1, classes=20, subjects=9)  # 500 pupils × 216 marks: the same school as each of MANY
MANY = Shape("bench_many", schools=200, classes=20, subjects=9)  # 100,000 pupils, 21.6 million marks
