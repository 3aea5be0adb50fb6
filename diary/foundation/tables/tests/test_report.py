"""The report: order, places, the limit and the count of the rest."""

import json

from diary.foundation.tables.places import Heading, Place
from diary.foundation.tables.report import LIMIT, Report

PLACE = Place("Ученики.xlsx", 15, {"phone": Heading("Телефон", "C")})


def test_a_line_says_where_what_and_what_to_do() -> None:
    report = Report()
    report.error("Не номер.", "Впишите номер.", PLACE, "phone")
    assert list(report.lines()) == ["Ученики.xlsx, строка 15, столбец «Телефон», C15: Не номер. Впишите номер."]


def test_errors_come_first_and_a_warning_does_not_stop_the_import() -> None:
    report = Report()
    report.warning("w", "")
    assert report.is_clean
    report.error("e", "")
    assert not report.is_clean
    assert [problem.what for problem in report.problems] == ["e", "w"]


def test_a_thousand_is_listed_and_the_rest_is_counted() -> None:
    report = Report()
    for number in range(LIMIT + 500):
        report.warning(f"w{number}", "")
    report.error("e", "")
    assert len(report.problems) == LIMIT
    assert report.problems[0].what == "e"
    assert report.rest == 501
    assert "501" in list(report.lines())[-1]


def test_the_report_can_be_kept_as_json() -> None:
    report = Report()
    report.error("e", "f", PLACE, "phone")
    kept = json.loads(json.dumps(report.as_json()))
    assert kept["problems"][0]["cell"] == "C15"
    assert kept["counts"]["error"] == 1
