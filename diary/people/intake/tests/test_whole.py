"""What an import has written is whole before it is said to be (S8)."""

from __future__ import annotations

import uuid

import pytest
from django.db import IntegrityError, transaction

from diary.people.intake.saving.whole import check_saved_links
from diary.people.roster.models import Enrollment, Guardian
from tests.people import Cast


def test_whole_school_is_let_through(cast: Cast) -> None:
    check_saved_links(cast.school.id)


@pytest.mark.parametrize(("model", "link"), [(Enrollment, "group_id"), (Guardian, "student_id")])
def test_link_to_no_row_is_found_before_the_transaction_ends(
    cast: Cast, model: type[Enrollment] | type[Guardian], link: str
) -> None:
    with transaction.atomic():
        row = model.objects.filter(school_id=cast.school.id).order_by("id")[0]
        setattr(row, link, uuid.uuid4())
        row.save(update_fields=[link])
        with pytest.raises(IntegrityError, match="points to no row"):
            check_saved_links(cast.school.id)
        transaction.set_rollback(True)
