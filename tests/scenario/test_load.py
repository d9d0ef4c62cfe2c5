from datetime import date
from pathlib import Path

import pytest

import sim
from sim.errors import ScenarioError
from sim.levers import VillageStations
from sim.scenario import shipped
from sim.scenario.dump import dump
from sim.scenario.load import is_study, load, shortened
from sim.scenario.study import load_study, study_of

HEAD = "format: 1\ncounty: counties/621225_xihe\nstart: 2021-03-01\ndays: 30\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def wrong(path: Path, *overrides: str, days: int | None = None) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        load(path, overrides, days)
    return [str(fault) for fault in error.value.faults]


def test_every_shipped_file_loads() -> None:
    studies = [path for path in shipped.files() if is_study(path)]
    names = ("assumptions", "baingoin", "collection", "dianjiang", "jinyun")
    produce = ["online-sales-fail", "online-sales-pay", *(f"produce-{name}" for name in names)]
    assert [path.stem for path in studies] == [
        "integration-and-subsidy-assumed", "integration-and-subsidy", "integration", *produce, "what-lasts", "which-assumption",
    ]  # fmt: skip
    for path in shipped.files():
        if path not in studies:
            scenario = load(path)
            assert scenario.name == path.stem
            assert scenario.words.zh != scenario.words.en
            assert scenario.asks.zh != scenario.asks.en


def test_the_shipped_study_compares_a_baseline_with_five_alternatives() -> None:
    study = load_study()
    assert [scenario.name for scenario in study.scenarios] == [
        "baseline", "pooled-to-village", "village-stations", "per-parcel-subsidy", "joint-and-subsidy", "station-support",
    ]  # fmt: skip
    assert study.replications == 10
    assert study.windows == ("settled",)
    assert len(study.outcomes) >= 12
    assert all(scenario.days >= 60 for scenario in study.scenarios)


def test_what_a_scenario_resolves_to_loads_again_as_the_same(tmp_path: Path) -> None:
    for name in ("baseline", "pooled-stations", "separate-full-service"):
        scenario = load(name, ["parameters.demand.p_missort=0.01"])
        text = dump(scenario.resolved())
        again = load(write(tmp_path, "again", text))
        assert again.resolved() == scenario.resolved()
        assert again.hash == scenario.hash


def test_mappings_merge_scalars_replace_and_levers_append(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a",
        HEAD + "parameters:\n  demand: {p_missort: 0.01, p_lost: 0.001}\nlevers:\n  - kind: village_stations\n    share: 0.4\n",
    )
    child = "extends: a.yaml\ndays: 20\nparameters:\n  demand: {p_missort: 0.02}\nlevers:\n  - kind: parcel_lockers\n"
    scenario = load(write(tmp_path, "b", child))
    assert (scenario.name, scenario.days, scenario.start) == ("b", 20, date(2021, 3, 1))
    assert (scenario.parameters.demand.p_missort, scenario.parameters.demand.p_lost) == (0.02, 0.001)
    assert [lever.id for lever in scenario.levers] == ["village_stations", "parcel_lockers"]


def test_a_known_id_changes_the_inherited_lever_and_without_removes_it(tmp_path: Path) -> None:
    far = "  - {id: far, kind: village_stations, share: 0.4, where: {remoteness: far}}\n"
    write(tmp_path, "a", HEAD + "levers:\n" + far + "  - {id: near, kind: village_stations, where: {remoteness: near}}\n")
    scenario = load(write(tmp_path, "b", "extends: a.yaml\nwithout: [near]\nlevers:\n  - {id: far, share: 0.9}\n"))
    (lever,) = scenario.levers
    assert isinstance(lever, VillageStations)
    assert (lever.id, lever.share, lever.where.remoteness) == ("far", 0.9, "far")


def test_several_parents_apply_in_order(tmp_path: Path) -> None:
    write(tmp_path, "a", HEAD + "levers:\n  - {kind: village_stations, share: 0.4}\n")
    write(tmp_path, "b", "format: 1\ndays: 10\nlevers:\n  - {kind: parcel_lockers}\n")
    scenario = load(write(tmp_path, "c", "extends: [a.yaml, b.yaml]\n"))
    assert scenario.days == 10
    assert [lever.id for lever in scenario.levers] == ["village_stations", "parcel_lockers"]
    assert scenario.extends == ("a", "b")
    assert [path.name for path in scenario.files] == ["a.yaml", "b.yaml", "c.yaml"]


def test_overrides_reach_parameters_and_levers_and_are_noted() -> None:
    scenario = load("stations-lockers", ["levers.village_stations.share=0.3", "parameters.centre.trunk_out=18:00", "start=2021-04-01"])
    assert scenario.lever("village_stations").model_dump()["share"] == 0.3
    assert scenario.parameters.centre.trunk_out == "18:00"
    changes = {change.path: (change.old, change.new) for change in scenario.changes}
    assert changes["levers.village_stations.share"] == (1.0, 0.3)
    assert changes["parameters.centre.trunk_out"] == ("17:30", "18:00")
    assert changes["start"] == (date(2021, 3, 1), date(2021, 4, 1))


def test_a_wrong_override_is_a_fault_that_quotes_it() -> None:
    told = wrong(Path("baseline"), "parameters.demand.p_misort=0.1")
    assert told[0].startswith("--set parameters.demand.p_misort=0.1")
    assert "nearest: p_missort" in told[0]
    assert "nearest: village_stations" in wrong(Path("stations-lockers"), "levers.village_station.share=0.1")[0]
    assert "a.b=value" in wrong(Path("baseline"), "days")[0]
    assert "one" not in load("baseline", ["title.en=one"]).words.zh


def test_all_faults_of_a_file_come_at_once(tmp_path: Path) -> None:
    text = HEAD + (
        "dayz: 3\nparameters:\n  demand: {p_missort: 2, p_lost: x}\n  centre: {trunk_out: 17:30}\n"
        "  station: {holding_days: 2, reminder_days: 2}\nlevers:\n  - kind: joint_distribution\n    members: [express-1, nobody]\n"
        "    pool: {sorting: [vehicles], sortings: [sites]}\n  - kind: village_stations\n    from: 2025-01-01\n    hosts: [shed]\n"
    )
    told = "\n".join(wrong(write(tmp_path, "a", text)))
    for part in (
        "dayz",
        "p_missort is 2",
        'p_lost is "x"',
        "17:30",
        "reminder_days",
        "nobody",
        "vehicles of sorting",
        "sortings",
        "2025-01-01",
        "shed",
    ):
        assert part in told


def test_a_lever_outside_is_an_error_in_a_file_and_a_warning_under_days(tmp_path: Path) -> None:
    text = (
        HEAD + "levers:\n  - {kind: parcel_lockers, from: 2021-03-20}\n  - {kind: village_stations, from: 2021-03-05, until: 2021-03-25}\n"
    )
    path = write(tmp_path, "a", text)
    assert not load(path).warnings
    scenario = load(path, days=10)
    assert [lever.id for lever in scenario.levers] == ["village_stations"]
    assert scenario.levers[0].until is None
    assert "levers left out: parcel_lockers" in scenario.warnings[0].en
    assert "village_stations" in scenario.warnings[1].en
    assert load(path, ["days=10"]).hash == scenario.hash
    shorter = write(tmp_path, "b", text.replace("days: 30", "days: 10"))
    assert len(wrong(shorter)) == 2


def test_the_hash_follows_content_and_county_and_not_the_file(tmp_path: Path) -> None:
    a, b = write(tmp_path, "a", HEAD + "name: same\n"), write(tmp_path, "b", "# words\n" + HEAD + "name: same\n")
    assert load(a).hash == load(b).hash
    assert load(a).hash != load(a, ["parameters.fleet.fuel_price=8"]).hash
    assert load(a).hash != load(a, ["county=540627_baingoin"]).hash


def test_a_county_beside_the_parent_is_found_from_a_child_elsewhere(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "land" / "tiny").mkdir(parents=True)
    for file in (shipped.files()[0].parent / "counties" / "540627_baingoin").iterdir():
        (home / "land" / "tiny" / file.name).write_bytes(file.read_bytes())
    write(home, "a", "format: 1\ncounty: land/tiny\nstart: 2021-03-01\ndays: 3\n")
    scenario = load(write(tmp_path, "b", "extends: home/a.yaml\n"))
    assert scenario.county_folder.resolve() == (home / "land" / "tiny").resolve()


def test_operators_are_checked_as_a_set(tmp_path: Path) -> None:
    scenario = load(write(tmp_path, "a", HEAD + "operators:\n  - {key: express-5, share: 0}\n  - {key: bus, share: 0.1}\n"))
    assert [operator.key for operator in scenario.operators] == ["express-5", "bus"]
    told = wrong(write(tmp_path, "b", HEAD + "operators:\n  - {key: bus}\n"))
    assert told[0].startswith(str(tmp_path / "b.yaml") + ":6")
    assert "bus" in told[0]
    post = "operators:\n  - {key: post, share: 0}\nlevers:\n  - {kind: village_stations}\n"
    assert "no post" in wrong(write(tmp_path, "c", HEAD + post))[0]


def test_scenarios_of_a_study_share_county_dates_and_have_their_own_names(tmp_path: Path) -> None:
    base, same, longer = (write(tmp_path, n, HEAD + extra) for n, extra in (("a", ""), ("b", "name: a\n"), ("c", "")))
    longer.write_text(HEAD.replace("days: 30", "days: 40"), encoding="utf-8")
    with pytest.raises(ScenarioError, match="two scenarios are called a"):
        study_of([load(base), load(same)])
    with pytest.raises(ScenarioError, match="days of c is 40, of the baseline 30"):
        study_of([load(base), load(longer)])
    text = "study: s\nbaseline: a.yaml\nalternatives: [c.yaml]\nreplications: 1\noutcomes: [vehicle_km]\n"
    with pytest.raises(ScenarioError) as error:
        load_study(write(tmp_path, "s", text))
    assert "replications is 1" in str(error.value)


def test_a_study_is_no_scenario_and_the_other_way_round() -> None:
    with pytest.raises(ScenarioError, match="this is a study"):
        load("integration")
    with pytest.raises(ScenarioError, match="this is a scenario"):
        load_study("baseline")


def test_checking_imports_nothing_heavy() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from sim.scenario.study import load_study; load_study(); import sim.scenario.listing;"
        "print([m for m in ('numpy','pandas','scipy','pyvrp','numba','mesa','simpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_shortened_scenario_keeps_its_overrides_and_warns() -> None:
    scenario = load("stations-lockers", ["start=2021-03-02", "levers.parcel_lockers.from=2021-04-20"])
    cut = shortened(scenario, 20)
    assert (cut.start, cut.days) == (date(2021, 3, 2), 20)
    assert [lever.id for lever in cut.levers] == ["village_stations"]
    assert "parcel_lockers" in cut.warnings[0].en
    assert cut.changes[-1].path == "days"


def test_a_programme_that_no_lever_spends_is_a_warning() -> None:
    assert not load("per-parcel-subsidy").warnings
    (warning,) = load("per-parcel-subsidy", ["programmes.spare.budget.county=7"]).warnings
    assert warning.en == "no lever spends the programmes: spare"
    assert warning.zh != warning.en


def test_every_shipped_scenario_and_study_has_a_title_of_its_own_in_both_languages() -> None:
    listed = sim.list_scenarios()
    for lang in ("zh", "en"):
        titles = [line.title.text(lang) for line in listed]
        assert not set(titles) & {line.name for line in listed}
        assert len(set(titles)) == len(titles)
