"""Parameters have English names."""

from sim.scenario.listing import levers
from sim.schema.english import NAMES, english
from sim.schema.listing import parameters


def test_every_name_belongs_to_a_parameter() -> None:
    paths = [row.path for row in (*parameters(), *(row for lever in levers() for row in lever.parameters))]
    ends = {path.rsplit(".", 1)[-1] for path in paths} | {".".join(path.split(".")[-2:]) for path in paths}
    assert set(NAMES) <= ends


def test_a_section_tells_two_parameters_of_one_name_apart() -> None:
    assert english("parameters.decisions.cap") == "most of usual orders"
    assert english("levers.capital_grant.cap") == "cap"
    assert english("parameters.station.holding_days") == "days a station holds a parcel"
