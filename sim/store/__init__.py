"""One run folder, whole or not at all: written table by table, read back with units, exported for a spreadsheet."""

from sim.store.export import export
from sim.store.manifest import attribution, credit, describe
from sim.store.stored import StoredRun, open_run
from sim.store.writer import RunWriter

__all__ = ["RunWriter", "StoredRun", "attribution", "credit", "describe", "export", "open_run"]
