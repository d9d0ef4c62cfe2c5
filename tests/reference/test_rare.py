"""Hold both models to what hardly ever happens, worked out by hand."""

from __future__ import annotations

import pytest

from sim.plan.orders import child_key
from sim.plan.plan import TRANSFER
from sim.schema.raw import TRIP_DONE

from .rare import EXPRESS, POST, expired_at_once, outlet_moves, two_vans
from .test_by_hand import expect, lived
from .tiny import at


@pytest.mark.parametrize(("collector", "home"), [(0, "12:45"), (3, "12:54")])
def test_of_two_vans_in_one_village_at_one_instant_the_vehicle_of_the_smaller_index_loads_first(collector: int, home: str) -> None:
    result = lived(two_vans(collector))
    # both leave at 12:00 and come at 12:20; who takes the parcel stays 5 minutes, the other 4; the round goes on to village 3
    expect(result, 1, village_out=at("12:20"), township_in=at(home))
    stops = sorted(stop for told, way in result.ways if told[2] == at("12:00") for stop in way if stop[1] == 2)
    assert [stop[2:6] for stop in stops] == [(at("12:20"), at("12:24"), 0, 0), (at("12:20"), at("12:25"), 0, 1)]


def test_what_expires_while_a_collecting_van_is_there_goes_with_it() -> None:
    result = lived(expired_at_once())
    expect(result, 1, ready=at("12:20"), finished=at("12:20", 1))
    # vehicle 0, which collects, comes before the round; home at 12:45, the round would be at 12:54
    expect(result, child_key(1), created=at("12:20", 1), village_out=at("12:20", 1), township_in=at("12:45", 1))


def test_what_waits_at_the_posts_outlet_moves_with_it_and_misses_the_round() -> None:
    result = lived(outlet_moves(POST))
    # handled 09:38, with the post at 09:39 and for its round at 09:42; carried over from 03:00 to 08:00, when the round has been loaded
    expect(result, 1, township_in=at("9:30"), township_out=at("8:00", 2), village_in=at("8:20", 2))
    assert (1, TRANSFER, *(at("3:00", 1),) * 3, at("8:00", 1), TRIP_DONE, 300, 1, 0, 0) in result.trips


def test_what_waits_at_the_posts_outlet_stays_when_the_outlet_of_its_network_moves() -> None:
    result = lived(outlet_moves(EXPRESS))
    expect(result, 1, township_in=at("9:30"), township_out=at("8:00", 1), village_in=at("8:20", 1))
    assert not any(trip[1] == TRANSFER for trip in result.trips)
