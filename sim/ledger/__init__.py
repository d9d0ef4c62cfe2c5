"""Double-entry money in whole fen: who pays whom, for what, on which day."""

from sim.ledger.book import Book, Key, Postings
from sim.ledger.capital import Capital, annuity_day
from sim.ledger.ledger import Ledger

__all__ = ["Book", "Capital", "Key", "Ledger", "Postings", "annuity_day"]
