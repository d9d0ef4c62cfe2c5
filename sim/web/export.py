"""The animation and the comparison as one HTML file that needs no server and asks nobody for anything."""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.fonts import missing, woff
from sim.text import LANGUAGES, Lang
from sim.web.catalogue import texts
from sim.web.scene import scene
from sim.web.tracks import tracks

if TYPE_CHECKING:
    from sim.api import Study
    from sim.store import StoredRun

HERE = Path(__file__).parent
MODULES = ("text", "columns", "track", "draw", "map", "clock", "figure", "charts", "compare", "stage", "player")
FONT_FACE = re.compile(r"@font-face \{.*?\}\n", re.DOTALL)


def write_html(run: StoredRun | Sequence[StoredRun], path: Path, lang: Lang, told: Mapping[str, Any] | None = None) -> Path:
    """Write the animated map of a run (or of two, side by side) to ``path``, whole or not at all; return it.

    ``lang`` is what it opens in, both languages are inside. ``told`` is what ``comparison`` says of a study, to be shown below.
    """
    runs = list(run) if isinstance(run, Sequence) else [run]
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(page(runs, lang, told), encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def write_study_html(study: Study, path: Path, lang: Lang) -> Path:
    """Write the first runs of a study's baseline and first alternative side by side, with the comparison below."""
    from sim.store import open_run
    from sim.web.comparison import comparison

    names = (study.baseline, study.alternatives[0])
    runs = [open_run(study.run_folder(name, study.seeds[0], study.windows[0])) for name in names]
    return write_html(runs, path, lang, comparison(study))


def page(runs: Sequence[StoredRun], lang: Lang, told: Mapping[str, Any] | None = None) -> str:
    """Return the file's text."""
    kept = {"lang": lang, "text": {name: texts(name) for name in LANGUAGES}, "scenes": [scene(run) for run in runs], "told": told}
    content = json.dumps(kept, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<!--", "<\\u0021--")
    sources = {f"{name}.js": HERE / "page" / f"{name}.js" for name in MODULES} | {"preact.js": HERE / "vendor" / "preact.js"}
    code = {name: file.read_text(encoding="utf-8") for name, file in sources.items()}
    letters = "".join({letter for text in (content, *code.values()) for letter in text})
    font = base64.b64encode(woff("".join(set(letters) - missing(letters)))).decode()
    css = FONT_FACE.sub("", (HERE / "page" / "page.css").read_text(encoding="utf-8"))
    face = f"@font-face {{ font-family: Guantong; src: url(data:font/woff;base64,{font}) format('woff'); }}\n"
    modules = [_held(f"module:{name}", _inside(text)) for name, text in code.items()]
    data = [_held(f"run{i}", base64.b64encode(gzip.compress(tracks(run), 9, mtime=0)).decode()) for i, run in enumerate(runs)]
    return "\n".join(
        [
            "<!doctype html>",
            f'<html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Guantong 贯通</title>',
            f"<style>{(HERE / 'vendor' / 'ol.css').read_text(encoding='utf-8')}\n{face}{css}</style></head>",
            '<body><div id="app"></div>',
            f'<script type="application/json" id="kept">{_inside(content)}</script>',
            *data,
            *modules,
            f"<script>{_inside(_script('vendor/ol.js'))}</script>",
            f"<script>{_inside(_script('page/loader.js'))}</script>",
            "</body></html>",
            "",
        ]
    )


def _held(id: str, text: str) -> str:
    return f'<script type="text/plain" id="{id}">{text}</script>'


def _script(name: str) -> str:
    return re.sub(r"\n//# sourceMappingURL=.*", "", (HERE / name).read_text(encoding="utf-8"))


def _inside(text: str) -> str:
    """Return text that cannot end the element it stands in; in JSON and in strings of a script ``<\\/`` says the same."""
    return re.sub(r"</(script)", r"<\\/\1", text, flags=re.IGNORECASE)
