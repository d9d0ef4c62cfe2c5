"""``guantong schema``: the JSON Schema of scenario files."""

from __future__ import annotations

from sim.cli.options import Json, LangOption, Quiet
from sim.cli.output import as_json, guarded


@guarded
def schema(quiet: Quiet = False, json_: Json = False, lang: LangOption = None) -> None:
    from sim.scenario.listing import json_schema

    as_json(json_schema())
