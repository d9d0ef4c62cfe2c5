"""A tour that is equally long both ways is driven the way that brings parcels sooner."""

import numpy as np

from sim.plan.routes import Instance
from sim.plan.tours import sooner


def instance(there_and_back: tuple[int, int] = (10, 10)) -> Instance:
    """Return a depot, a near place and a far one on a round road; the last leg home may differ from the first out."""
    seconds = np.array([[0, 10, 30], [there_and_back[0], 0, 25], [there_and_back[1] + 20, 25, 0]], np.int64)
    some = np.full(2, 5, np.int64)
    return Instance(seconds * 10, seconds, some, some, some, 100, 100, 1_000, 10)


def test_the_place_with_most_parcels_comes_first() -> None:
    assert sooner(instance(), np.array([1.0, 10.0]), (0, 1)) == (1, 0)
    assert sooner(instance(), np.array([10.0, 1.0]), (1, 0)) == (0, 1)


def test_the_direction_hangs_on_nothing_but_the_tour() -> None:
    for parcels in ([1.0, 1.0], [3.0, 7.0]):
        found = {sooner(instance(), np.array(parcels), tour) for tour in ((0, 1), (1, 0))}
        assert len(found) == 1


def test_a_tour_that_is_longer_the_other_way_is_left_as_the_solver_found_it() -> None:
    assert sooner(instance((10, 50)), np.array([1.0, 10.0]), (0, 1)) == (0, 1)
