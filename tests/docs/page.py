"""Read the blocks of a page of documentation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
MARKED = re.compile(
    r"^<!-- (?P<what>file|edit|add|run): (?P<target>\S+) -->\n```(?P<language>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block of code and what its mark says it is: a whole file, edits of one, lines to add to one."""

    what: str
    target: str
    text: str

    def apply(self, root: Path) -> None:
        """Do to the files below ``root`` what the page tells its reader to do."""
        path = root / self.target
        if self.what == "edit":
            path.write_text(edited(path.read_text(encoding="utf-8"), self.text), encoding="utf-8")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        assert path.exists() == (self.what == "add"), self.target
        with path.open("a", encoding="utf-8") as file:
            file.write(self.text)


def blocks(page: Path) -> list[Block]:
    """Return the marked blocks of a page, in order."""
    return [Block(m["what"], m["target"], m["text"]) for m in MARKED.finditer(page.read_text(encoding="utf-8"))]


def edited(text: str, diff: str) -> str:
    """Return a text with lines replaced as ``-`` and ``+`` say; each group of old lines must stand in it once."""
    groups = re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", diff, re.MULTILINE)
    for old, new in groups:
        before, after = (re.sub(r"^[-+]", "", part, flags=re.MULTILINE) for part in (old, new))
        assert text.count(before) == 1, f"the page says to replace what is not there:\n{before}"
        text = text.replace(before, after)
    return text


def pages() -> list[Path]:
    """Return every page of the project, results and hidden folders aside."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "tests").rglob("*.md"), *(ROOT / "scenarios").rglob("*.md")]
    return sorted(path for path in found if not any(part.startswith(".") for part in path.relative_to(ROOT).parts))
