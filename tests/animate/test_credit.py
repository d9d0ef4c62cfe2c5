"""Those who made a county's data are named wherever its places are shown, also after its folder is gone."""

from __future__ import annotations

import pytest

from sim.store import StoredRun, attribution, credit
from sim.telling import run_input
from sim.text import LANGUAGES, Words, t

OURS = Words("为贯通的测试虚构", "Invented for the tests of Guantong")


def test_a_run_keeps_whom_its_county_names(run: StoredRun) -> None:
    assert attribution(run.manifest) == credit(run.manifest) == OURS
    gone = StoredRun(run.folder, run.manifest | {"inputs": {"/nowhere/county.yaml": ""}})
    assert run_input(gone).attribution == (OURS,)


@pytest.mark.parametrize("kept", [None, "text", [], {}, {"zh": "文"}, {"zh": 1, "en": 2}])
def test_a_run_that_has_not_kept_it_says_where_it_stands(run: StoredRun, kept: object) -> None:
    old = run.manifest | {"attribution": kept}
    assert attribution(old) is None
    assert [credit(old).text(lang) for lang in LANGUAGES] == [t("report.county_gone", lang) for lang in LANGUAGES]
    assert run_input(StoredRun(run.folder, old)).attribution == (OURS,)
