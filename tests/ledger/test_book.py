"""The book loses nothing: remainders are carried."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sim.ledger import Book, Key, annuity_day
from sim.ledger.book import MICRO

FEE = Key("a", "b", "fee", unit="parcel")
RENT = Key("a", "c", "rent", unit="m2-day")


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 5)), min_size=1, max_size=60))
def test_what_is_posted_and_what_is_carried_add_up_to_what_was_owed(days: list[tuple[int, int]]) -> None:
    book = Book()
    owed, posted, counted = [0, 0], [0, 0], [0.0, 0.0]
    for day, (micro, times) in enumerate(days):
        for i, key in enumerate((FEE, RENT)):
            for _ in range(times + i):
                book.add(key, 1.0, micro)
                owed[i] += micro
        postings = book.close(day)
        for row, quantity, fen in zip(postings.key.tolist(), postings.quantity.tolist(), postings.fen.tolist(), strict=True):
            i = (FEE, RENT).index(book.keys[row])
            assert fen > 0
            posted[i] += fen
            counted[i] += quantity
    for i, key in enumerate((FEE, RENT)):
        if key in book.keys:
            left = int(book.carried[book.keys.index(key)])
            assert 0 <= left < MICRO
            assert posted[i] * MICRO + left == owed[i]


def test_a_fee_of_a_tenth_of_a_fen_is_paid_every_tenth_day_with_ten_parcels() -> None:
    book = Book()
    postings = []
    for day in range(30):
        book.add(FEE, 1.0, MICRO // 10)
        postings.append(book.close(day))
    paid = [(p.day, p.fen.tolist(), p.quantity.tolist()) for p in postings if len(p.key)]
    assert paid == [(9, [1], [10.0]), (19, [1], [10.0]), (29, [1], [10.0])]


def test_rows_that_repeat_in_one_call_all_count() -> None:
    import numpy as np

    book = Book()
    row = book.row(FEE)
    book.add_rows(np.array([row, row, row]), np.ones(3), np.array([MICRO, MICRO, MICRO]))
    day = book.close(0)
    assert (day.fen.tolist(), day.quantity.tolist()) == ([3], [3.0])


def test_an_annuity_repays_the_price_less_the_discounted_salvage() -> None:
    yearly = annuity_day(110_000, 11_000, 0.05, 8) * 365
    worth = sum(yearly / 1.05**year for year in range(1, 9)) + 11_000 / 1.05**8
    assert abs(worth - 110_000) < 1e-6


def test_an_annuity_without_interest_is_the_loss_of_value_in_equal_parts() -> None:
    assert abs(annuity_day(3650, 0, 0, 10) - 1.0) < 1e-12
