"""Write a scenario as YAML that reads back as the same scenario."""

from __future__ import annotations

from typing import Any

import yaml

from sim.scenario.yaml import plain_scalar


class _Dumper(yaml.SafeDumper):
    """Quotes every text that would be read as something else."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if plain_scalar(text) == (text, "") and ":" not in text else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def dump(content: dict[str, Any]) -> str:
    """Return resolved content (of a scenario or a study) as YAML."""
    return yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120)
