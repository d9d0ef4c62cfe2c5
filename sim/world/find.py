"""Find a county folder by path, folder name, code or name."""

from __future__ import annotations

import re
from pathlib import Path

from sim.errors import CountyError, Fault, closest
from sim.text import Lang
from sim.world.data import scenarios_dir

NAMES = re.compile(r"^(?:code:\s*\"?(?P<code>[\w-]+)\"?|name:\s*\{\s*zh:\s*(?P<zh>[^,]+?),\s*en:\s*(?P<en>[^}]+?)\s*\})\s*$", re.MULTILINE)

PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|"
    "阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
AUTONOMOUS = re.compile(f"(.+?)(?:(?:{PEOPLES})族)+自治[县旗]")
"""An autonomous county's name as people say it, before those of its peoples: 酉阳 of 酉阳土家族苗族自治县."""


def list_counties(beside: Path | None = None) -> list[Path]:
    """Return the county folders under ``beside`` (a folder; itself and its ``counties``) and the shipped ones, sorted by name."""
    found: dict[str, Path] = {}
    for base in _bases(beside):
        for card in sorted(base.glob("*/county.yaml")):
            found.setdefault(card.parent.name, card.parent)
    return [found[name] for name in sorted(found)]


def find_county(name_or_path: str | Path, beside: Path | None = None) -> Path:
    """Return the folder of a county.

    ``name_or_path``: a path (as it is, or relative to ``beside``, the folder of the scenario, or to the shipped scenarios), a
    folder's name, a code, or a name in Chinese or English. Raise CountyError with the nearest name where there is none.
    """
    wanted = str(name_or_path).rstrip("/")
    roots = [*([beside] if beside else []), Path(), scenarios_dir()]
    for root in roots:
        folder = root / wanted
        if (folder / "county.yaml").is_file():
            return folder
    known: dict[str, Path] = {}
    for folder in list_counties(beside):
        for name in county_names(folder):
            known.setdefault(name.casefold(), folder)
    short = wanted.rsplit("/", 1)[-1].casefold()
    if short in known:
        return known[short]
    for root in roots[:-1]:
        if (root / wanted).is_dir():
            return root / wanted
    near = closest(short, known, 0.4)
    names = ", ".join(folder.name for folder in list_counties(beside))
    hint, hint_zh = (f"did you mean {near!r}? ", f"是否为 {near!r}？") if near else ("", "")
    what, what_zh = f"there is no county {wanted!r}", f"没有县 {wanted!r}"
    raise CountyError([Fault(str(name_or_path), what, f"{hint}known: {names}", what_zh, f"{hint_zh}已有：{names}")])


def county_called(folder: Path) -> dict[Lang, str]:
    """Return what a county is called, with its folder's name; only that where its card does not say."""
    said = {name: value for match in NAMES.finditer(_card(folder)) for name, value in match.groupdict().items() if value}
    zh, en = (said.get(lang, "").strip("\"' ") for lang in ("zh", "en"))
    return {"zh": f"{zh}（{folder.name}）" if zh else folder.name, "en": f"{en} ({folder.name})" if en else folder.name}


def county_names(folder: Path) -> tuple[str, ...]:
    """Return the names a county answers to: its folder's, the folder's without the code, its code, its names."""
    names = [folder.name, folder.name.partition("_")[2]]
    for match in NAMES.finditer(_card(folder)):
        names += [value.strip("\"' ") for value in match.groupdict().values() if value]
    zh = [name for name in names if len(name) > 2 and name[-1] in "县市旗区"]
    short = (found.group(1) if (found := AUTONOMOUS.fullmatch(name)) else name[:-1] for name in zh)
    return tuple(dict.fromkeys(name for name in (*names, *short) if name))


def _card(folder: Path) -> str:
    return (folder / "county.yaml").read_bytes().decode("utf-8", errors="replace")


def _bases(beside: Path | None) -> list[Path]:
    own = [beside, beside / "counties"] if beside else []
    return [*own, scenarios_dir() / "counties"]
