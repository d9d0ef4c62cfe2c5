"""One broken file per mistake: each gives a help message with its line, and nothing else happens."""

from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.study import load_study

FOLDER = Path(__file__).parents[1] / "broken" / "scenarios"

MISTAKES = {
    "bomb": (9, "too many nodes", "20000"),
    "carried_once": (6, "the programme village-network has its budget once, and carry_over is true", "per: year"),
    "county_missing": (1, "county is missing", "text"),
    "departs_before_the_plan": (6, "line_departs 03:10 is before the plan time 03:00", "from 03:45 on"),
    "duplicate_key": (5, "days was written on line 4 already", "once"),
    "empty": (1, "the file is empty", "guantong new"),
    "extends_itself": (1, "extends goes round in a loop: ", "cannot extend itself"),
    "extends_nothing": (1, "extends basline.yaml, which does not exist", "nearest: baseline.yaml"),
    "extends_the_other": (1, "extends goes round in a loop: ", "cannot extend itself"),
    "fraction_for_whole_number": (6, "express_days_per_week is 4.5", "a whole number 1–7 days/week (default 4)"),
    "gbk": (2, "byte 0xb0 is not UTF-8", "UTF-8"),
    "infinite": (6, "1.0e+999 is not a finite number", "finite"),
    "lever_outside_the_run": (7, "lever parcel_lockers: from 2022-01-01 is outside the run, 2021-02-14 to 2021-03-30", "change the date"),
    "lever_unknown_key": (7, "levers.village_stations.shelf is unknown", "nearest: shelf_l; allowed: a number 1–20000 l (default 600)"),
    "lever_without_kind": (6, "kind is missing", "joint_distribution, village_stations, parcel_lockers"),
    "negative_budget": (6, "programmes.roads.budget.central is -1000", "a number 0–10000000000 yuan"),
    "no_such_date": (3, "2021-02-30 is not a date", "2021-07-01"),
    "not_a_number": (6, ".nan is not a finite number", "finite"),
    "not_a_time": (6, 'trunk_out is "25:00"', "23:59"),
    "number_in_quotes": (6, 'p_missort is "0.01"', "a number 0–0.5 (default 0.003); write it without quotes"),
    "out_of_range": (7, "parameters.demand.p_missort is 0.9", "a number 0–0.5 (default 0.003)"),
    "parameter_in_wrong_section": (6, "parameters.fleet.p_missort is unknown", "nearest: parameters.demand.p_missort"),
    "produce_carrier_elsewhere": (8, "lever platform_carrier_deals: express-1 is none of the operators in where", "take it from post"),
    "produce_clock": (6, 'parameters.produce.farming.pick_hour is "25:00"', "23:59"),
    "produce_grades": (6, "produce.grading.first and second add up to 1.2", "at most 1"),
    "produce_hand_in": (6, "produce.sending.drop_until 08:00 is not later than produce.sending.drop_from 09:00", "later"),
    "produce_off": (6, "lever cold_chain: no produce is simulated in this scenario", "active: true"),
    "produce_remote_townships": (8, "lever cold_chain: remoteness is told of villages only", "township_m3 and store_m3"),
    "produce_rule": (6, 'parameters.produce.channels.rule is "logitt"', "threshold, logit; nearest: logit"),
    "produce_rule_of_collecting": (6, 'parameters.produce.collecting.rule is "nevr"', "recorded, never; nearest: never"),
    "produce_spoiled": (6, "produce.sending.spoiled 0.5 is above threshold 0.4", "at most"),
    "produce_two_owners": (8, "lever two: owner is not that of lever one", "as in one: county"),
    "produce_two_warehouses": (8, "lever two: hold_days is not that of lever one", "as in one: 7"),
    "produce_unknown_carrier": (8, "there is no operator express-9", "express-1"),
    "produce_unknown_crop": (8, "the county grows no bayberries", "nearest: bayberry"),
    "produce_without_crops": (5, "produce is switched on, but the county ../../counties/small has no crops", "set produce.active to false"),
    "produce_zones": (6, "produce.sending.zone_near and zone_far add up to 1.1", "at most 1"),
    "python_tag": (5, "python/object/apply:os.getcwd is not accepted", "plain values"),
    "refused_cell": (8, "vehicles of sorting cannot be pooled", "pool vehicles under transport or delivery"),
    "reminder_after_holding": (6, "reminder_days 3 is not shorter than holding_days 3", "below"),
    "study_with_unknown_metric": (5, "there is no metric cost_per_parcel", "nearest: cost_per_parcel_yuan"),
    "tab": (3, "a tab", "spaces"),
    "two_levers_one_id": (8, "a lever village_stations was written on line 6 already", "its own id"),
    "unknown_county": (2, "there is no county", "621225_xihe"),
    "unknown_key": (5, "dayz is unknown", "nearest: days"),
    "unknown_lever": (6, 'kind is "joint_distributon"', "nearest: joint_distribution"),
    "unknown_operator": (7, "there is no operator express-9", "express-1, express-2"),
    "unknown_parameter": (6, "parameters.demand.p_missorted is unknown", "nearest: p_missort"),
    "unknown_place": (7, "the county has no place 汉原镇", "nearest: 汉源镇"),
    "unknown_programme": (9, "there is no programme road", "nearest: roads"),
    "unknown_source": (6, "programmes.roads.budget.centre is unknown", "nearest: central"),
    "unquoted_time": (6, "17:30 without quotes", '"17:30"'),
    "without_unknown": (2, "no lever with the id joint_distributions", "nearest: joint_distribution"),
    "wrong_condition": (7, 'where.remoteness is "farther"', "near, middle, far"),
}


def test_every_broken_file_is_in_the_table() -> None:
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(MISTAKES)


@pytest.mark.parametrize("name", sorted(MISTAKES))
def test_a_broken_file_gives_one_fault_with_line_value_and_help(name: str) -> None:
    line, what, allowed = MISTAKES[name]
    with pytest.raises(ScenarioError) as error:
        (load_study if name.startswith("study") else load)(FOLDER / f"{name}.yaml")
    (fault,) = error.value.faults
    assert fault.where.endswith(f".yaml:{line}")
    assert what in fault.what
    assert allowed in fault.allowed
    assert fault.what_zh
    assert fault.allowed_zh
    assert fault.what_zh != fault.what
