"""``guantong schema``: the JSON Schema of scenario files."""

from __future__ import annotations

import json
from importlib.resources import files

from sim.cli.options import Json, LangOption, Quiet
from sim.cli.output import as_json, guarded


@guarded
def schema(quiet: Quiet = False, json_: Json = False, lang: LangOption = None) -> None:
    as_json(json.loads(files("sim.scenario").joinpath("schema.json").read_text(encoding="utf-8")))
