"""Cut the shipped font out of the full Noto Sans SC: GB2312, Latin and every character of the given tables.

Usage: python docs/import/subset_font.py NotoSansSC-Regular.ttf TABLE... --out sim/fonts/NotoSansSC-Regular.ttf
A TABLE is a CSV file or a gzipped one (.gz), UTF-8. See docs/fonts.md for where the full font comes from.
"""

from __future__ import annotations

import argparse
import gzip
from pathlib import Path

from fontTools import subset

LATIN = (range(0x20, 0x7F), range(0xA0, 0x180), range(0x2010, 0x2040), range(0x2070, 0x20A0), range(0x2190, 0x2200))
SIGNS = (range(0x2200, 0x2300), range(0x25A0, 0x2600), range(0x3000, 0x3040), range(0xFF00, 0xFFEF))
EXTRA = "€¥℃‰№"


def gb2312() -> set[str]:
    """Return every character of GB2312."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(bytes([row, cell]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def of_table(path: Path) -> set[str]:
    """Return every character of a table."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return set(raw.decode("utf-8-sig"))


def cut(font: Path, tables: list[Path], out: Path) -> set[str]:
    """Write the subset to ``out`` and return the characters of the tables that the full font does not have."""
    wanted = gb2312() | set(EXTRA) | {chr(code) for block in LATIN + SIGNS for code in block}
    named: set[str] = set()
    for table in tables:
        named |= of_table(table)
    named -= {"\n", "\r", "\t"}
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = ["*"]
    options.notdef_outline = True
    source = subset.load_font(str(font), options)
    missing = {character for character in named if ord(character) not in source.getBestCmap()}
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(ord(character) for character in wanted | named))
    cutter.subset(source)
    subset.save_font(source, str(out), options)
    return missing


def main() -> None:
    """Read the command line, cut, and say what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("font", type=Path)
    parser.add_argument("tables", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    missing = cut(arguments.font, arguments.tables, arguments.out)
    print(f"{arguments.out}: {arguments.out.stat().st_size // 1024} KiB; missing: {' '.join(sorted(missing)) or 'none'}")
    if missing:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
