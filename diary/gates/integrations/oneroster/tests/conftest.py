"""The sets of both versions."""

import pytest

from diary.gates.integrations.oneroster.tests.made import Files, set_1_1, set_1_2


@pytest.fixture
def version_1_2() -> Files:
    return set_1_2()


@pytest.fixture
def version_1_1() -> Files:
    return set_1_1()
