import json
import re
from pathlib import Path

import pytest
import yaml

from sim.errors import ScenarioError
from sim.levers import KINDS
from sim.scenario import files, listing
from sim.scenario.explain import explain
from sim.scenario.load import load
from sim.scenario.new import new
from sim.schema.evidence import ids, source_of
from sim.schema.listing import parameters
from sim.schema.parameters import Parameters
from sim.text import LANGUAGES

ROOT = Path(__file__).parents[2]
EVIDENCE = ROOT / "docs" / "evidence"


def lines(name: str, lang: str, *overrides: str) -> str:
    parts = explain(load(name, overrides), lang)  # type: ignore[arg-type]
    return "\n".join(line for part in parts for line in (part.heading, *part.lines))


def test_explain_names_levers_operators_and_changed_parameters() -> None:
    text = lines("pooled-stations", "en", "parameters.fleet.fuel_price=8", "levers.parcel_lockers.from=2021-03-10")
    for part in (
        "Lever: Joint distribution (joint_distribution, inherited)",
        "Lever: Parcel lockers (parcel_lockers, inherited and changed)",
        "from 2021-03-10",
        "villages with a station: ",
        "Express A (express-1): 22.3% of the parcels, trunk at 06:00, 14:00",
        "own outlets in",
        "parameters.fleet.fuel_price: 7.800 → 8.000",
        "source evidence:fuel_price",
        "Against pooled-to-village, stations-lockers, levers aside",
    ):
        assert part in text


def test_explain_says_what_a_programme_has_and_who_spends_it() -> None:
    text = lines("joint-and-subsidy", "en", "programmes.village-network.budget.bank=5")
    assert "village network fund (village-network): 800,005 yuan a year (central budget 600,000, county budget 200,000" in text
    assert "bank loan 5), spent by per_parcel_subsidy" in text
    assert "programmes.village-network.budget.bank: 0" in text
    chinese = lines("station-support", "zh")
    assert "村级网络资金（village-network）：每年 800,000 元（中央财政 600,000、县级财政 200,000），station_support 用" in chinese


def test_explain_names_changed_parameters_of_produce_however_deep() -> None:
    told = lines("produce-cold-chain", "en", "parameters.produce.learning.online_household=0.4", "parameters.produce.sending.fee=5")
    assert "parameters.produce.learning.online_household): 4.0% → 40.0%, range 0–1, source assumption" in told
    assert "fee of sending produce (parameters.produce.sending.fee): 4.81 yuan/parcel → 5.00 yuan/parcel" in told
    assert "parameters.produce.active): off → on" in told


def test_explain_says_that_no_share_of_a_cold_chain_is_none_at_all() -> None:
    told = lines("produce-cold-chain", "en", "levers.cold_chain.share=0")
    assert "a share of 0: no cold chain, and no cold vehicles" in told
    assert "cold on the way" not in told


def test_explain_in_chinese_has_no_english_sentence() -> None:
    text = lines("separate-full-service", "zh")
    assert "6 家企业必须自己每周 5 天进 384 个村" in text
    words = re.sub(r"[(（][^()（）]*[)）]|parameters\.\S+|assumption\S*|evidence\S*|service_mode\S*", "", text)
    assert not re.search(r"[a-z]{3,} [a-z]{3,}", words)


def test_what_a_child_takes_out_is_said(tmp_path: Path) -> None:
    path = tmp_path / "less.yaml"
    path.write_text("extends: pooled-stations.yaml\nwithout: [parcel_lockers]\n", encoding="utf-8")
    headings = [part.heading for part in explain(load(path), "en")]
    assert "Lever parcel_lockers is taken out" in headings


def test_a_new_scenario_checks_and_its_comments_are_right_when_taken_off(tmp_path: Path) -> None:
    text = new("mine", "stations-lockers", "540627_baingoin")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    scenario = load(tmp_path / "mine.yaml")
    assert scenario.county_folder.name == "540627_baingoin"
    assert [lever.id for lever in scenario.levers] == ["village_stations", "parcel_lockers"]
    bare = re.sub(r"^# ((?=start|days|warm|parameters:|levers:)|(?= ))", "", new("mine"), flags=re.MULTILINE)
    (tmp_path / "mine.yaml").write_text(bare, encoding="utf-8")
    scenario = load(tmp_path / "mine.yaml")
    assert [getattr(lever, "kind", "") for lever in scenario.levers] == ["joint_distribution", "village_stations", "parcel_lockers"]
    with pytest.raises(ScenarioError):
        new("a/b")


def test_conditions_programmes_switches_and_sources_are_told_in_words() -> None:
    told = {
        lang: "\n".join(line for name in ("stations-lockers", "joint-and-subsidy", "produce-baseline", "three-years") for part in
                        explain(load(name), lang) for line in part.lines)
        for lang in LANGUAGES
    }  # fmt: skip
    for words in ("只限 人口：1,000–100,000", "只限 层级：行政村", "村级网络资金（village-network）", "关 → 开", "来源 假定", "1,096 天"):
        assert words in told["zh"]
    for words in ("only where people: 1,000–100,000", "village network fund (village-network)", "off → on", "of 2,304 services there"):
        assert words in told["en"]


def test_every_shipped_programme_has_a_name() -> None:
    from sim.text import value_text

    for path in sorted((ROOT / "scenarios").glob("*.yaml")):
        for name in yaml.safe_load(path.read_text(encoding="utf-8")).get("programmes", {}):
            assert all(value_text("programme", name, lang) != name for lang in LANGUAGES), (path.name, name)


def test_a_new_scenario_has_its_comments_in_chinese_and_compares_in_its_own_county() -> None:
    chinese, english = new("mine", county="缙云", lang="zh"), new("mine", county="缙云")
    assert "# 这里没写的都沿用它" in chinese
    assert yaml.safe_load(chinese) == yaml.safe_load(english)
    comments = [line.partition("#")[2] for line in chinese.splitlines() if "#" in line]
    assert not re.search(r"everything|first day|stand in quotes|in force", " ".join(comments))
    assert "guantong compare baseline.yaml mine.yaml --county 331122_jinyun" in english


def test_every_source_of_every_parameter_and_lever_is_found_in_the_evidence() -> None:
    known = ids(EVIDENCE)
    rows = parameters() + [row for lever in listing.levers() for row in lever.parameters]
    assert len(rows) > 100
    for row in rows:
        source = source_of(row.source)
        if source.id:
            assert source.id in known, row.path
        if not source.assumption:
            found = known[source.id]
            assert not found.get("source_title", "").startswith("assumption"), f"{row.path} has no source: say assumption:{source.id}"
    with pytest.raises(ValueError, match="no source"):
        source_of("evidence")


def test_the_evidence_carries_no_address() -> None:
    for path in EVIDENCE.iterdir():
        assert "://" not in path.read_text(encoding="utf-8")


def test_every_parameter_lies_in_its_range_and_has_unit_and_both_names() -> None:
    Parameters.model_validate(Parameters().model_dump(), strict=True)
    for row in parameters():
        assert row.unit
        assert row.zh
        assert row.en.endswith((".", ")"))
    for lang in LANGUAGES:
        assert listing.units(lang)


def test_the_page_of_parameters_is_current() -> None:
    page = (ROOT / "docs" / "parameters.md").read_text(encoding="utf-8")
    assert page == listing.page(), "run: python -m sim.scenario.listing docs/parameters.md"


def test_every_lever_has_its_entry_its_scenario_and_its_docstring() -> None:
    page = (ROOT / "docs" / "levers.md").read_text(encoding="utf-8")
    shipped = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "scenarios").glob("*.yaml"))
    for kind, row in zip(KINDS, listing.levers(), strict=True):
        assert f"## `{row.kind}` {row.title.en} {row.title.zh}\n" in page
        assert f"kind: {row.kind}" in shipped
        text = (ROOT / "sim" / "levers" / f"{row.kind}.py").read_text(encoding="utf-8")
        assert all(part in text for part in ("Mechanism\n", "Changes\n", "Leaves out\n"))
        assert kind.__doc__


def test_examples_on_the_page_of_levers_are_right(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "levers.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert len(examples) == len(KINDS)
    for example in examples:
        path = tmp_path / "example.yaml"
        path.write_text("extends: baseline.yaml\n" + example, encoding="utf-8")
        assert len(load(path).levers) == 1


def test_the_shipped_schema_is_the_one_that_the_models_give() -> None:
    """Write it anew with ``python -m sim.scenario.listing docs/parameters.md``."""
    assert json.loads(listing.SCHEMA.read_text(encoding="utf-8")) == json.loads(json.dumps(listing.json_schema()))


def test_the_schema_knows_every_entry_of_the_shipped_files() -> None:
    schema = listing.json_schema()
    for row in files.scenarios():
        known = schema["then" if row.study else "else"]["properties"]
        assert set(yaml.safe_load(row.file.read_text(encoding="utf-8"))) <= set(known)
    assert {row.folder.name for row in files.counties()} >= {"621225_xihe"}
