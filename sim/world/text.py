"""Read a text file of a county: UTF-8, UTF-8 with a BOM, or GBK; anything else is refused."""

from __future__ import annotations

from pathlib import Path

from sim.errors import Fault

ALLOWED = "allowed: UTF-8, UTF-8 with BOM, GBK"
ALLOWED_ZH = "允许的编码：UTF-8、带 BOM 的 UTF-8、GBK"
PARTS = "a county folder holds county.yaml, townships.csv and villages.csv, and crops.csv with climate.csv where produce is sold"
PARTS_ZH = "县文件夹含 county.yaml、townships.csv、villages.csv；有农产品外销的县另含 crops.csv 与 climate.csv"


def read_text(path: Path, faults: list[Fault]) -> str | None:
    """Return the text of ``path``, or None after adding a fault."""
    if not path.is_file():
        faults.append(Fault(str(path), "the file is missing", PARTS, "缺少文件", PARTS_ZH))
        return None
    raw = path.read_bytes()
    if not raw.strip():
        faults.append(Fault(str(path), "the file is empty", PARTS, "文件为空", PARTS_ZH))
        return None
    if raw.startswith(b"PK\x03\x04"):
        what, what_zh = "this is a workbook, not CSV", "这是工作簿，不是 CSV"
        faults.append(Fault(str(path), what, "save each sheet as CSV (UTF-8)", what_zh, "请把各表另存为 CSV(UTF-8)"))
        return None
    text = _decode(raw)
    if text is None:
        start = raw[:8].hex(" ")
        what, what_zh = f"the encoding is none of the known ones, first bytes {start}", f"无法识别的编码，前几个字节为 {start}"
        faults.append(Fault(str(path), what, ALLOWED, what_zh, ALLOWED_ZH))
    return text


def _decode(raw: bytes) -> str | None:
    if b"\0" in raw:
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = raw.decode("gbk")
    except UnicodeDecodeError:
        return None
    wide = "".join(c for c in text if ord(c) > 127)
    # Big5, Shift-JIS and the like often decode as GBK, but to characters outside its common part.
    common = len(wide.encode("gb2312", errors="ignore")) // 2
    return text if common >= 0.8 * len(wide) else None
