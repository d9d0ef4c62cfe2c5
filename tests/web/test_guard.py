"""Who is let in: requests as raw bytes, so that no client mends them."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from sim.web.guard import MOST_BYTES
from tests.web.conftest import Served


def ask(served: Served, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> tuple[int, str, bytes]:
    """Return status, head and body of an answer."""
    given = {"Host": f"127.0.0.1:{served.port}", "Connection": "close"} | (headers or {})
    if body:
        given.setdefault("Content-Length", str(len(body)))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items() if value)]
    with socket.create_connection(("127.0.0.1", served.port), timeout=30) as link:
        link.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)
        answer = b""
        while part := link.recv(65536):
            answer += part
    head, _, rest = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), head.decode("latin-1").lower(), rest


def posting(served: Served, **changed: str) -> dict[str, str]:
    return {"Content-Type": "application/json", "X-Guantong-Token": served.token} | {k.replace("_", "-"): v for k, v in changed.items()}


GOOD = json.dumps({"draft": {}}).encode()


def test_the_page_comes_with_a_strict_policy(served: Served) -> None:
    status, head, body = ask(served, "GET", "/")
    assert status == 200
    assert "content-security-policy: default-src 'none'; script-src 'self';" in head
    assert served.token.encode() in body


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "localhost.:80", "", "[::1]", "127.0.0.1:x"]
)
def test_a_foreign_host_is_refused(served: Served, host: str) -> None:
    status, _, body = ask(served, "GET", "/", {"Host": host})
    assert status == 400
    assert served.token.encode() not in body


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_foreign_origin_is_refused(served: Served, origin: str, method: str) -> None:
    body = GOOD if method == "POST" else b""
    status, _, _ = ask(served, method, "/api/check" if body else "/api/start", posting(served, Origin=origin), body)
    assert status == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_is_refused(served: Served, site: str) -> None:
    assert ask(served, "GET", "/api/start", {"Sec-Fetch-Site": site})[0] == 403


def test_a_post_needs_the_token_and_json(served: Served) -> None:
    assert ask(served, "POST", "/api/check", {"Content-Type": "application/json"}, GOOD)[0] == 403
    assert ask(served, "POST", "/api/check", posting(served, X_Guantong_Token="wrong"), GOOD)[0] == 403
    assert ask(served, "POST", "/api/check", posting(served, Content_Type="text/plain"), GOOD)[0] == 415
    assert ask(served, "POST", "/api/check", posting(served), GOOD)[0] == 200


def test_a_body_that_is_too_large_or_unmeasured_is_refused(served: Served) -> None:
    assert ask(served, "POST", "/api/check", posting(served, Content_Length=str(MOST_BYTES + 1)))[0] == 413
    assert ask(served, "POST", "/api/check", posting(served, Transfer_Encoding="chunked"), b"")[0] == 411


@pytest.mark.parametrize("body", [b"[]", b"nonsense", b"[" * 60_000, b'{"draft": 5}', b"\xff\xfe", b"{}"])
def test_a_body_that_is_no_draft_is_refused_in_peace(served: Served, body: bytes) -> None:
    assert ask(served, "POST", "/api/check", posting(served), body)[0] == 400


@pytest.mark.parametrize(
    "path",
    [
        "/page/../app.py", "/page/%2e%2e/app.py", "/vendor/..%2f..%2f..%2fpyproject.toml", "/page/....//app.py", "/vendor/%00",
        "/api/scene?run=../../../../etc", "/api/scene?run=/etc", "/api/scene?run=%00", "/api/tracks?run=small/../..",
        "/api/scene?run=" + "a" * 5000, "/api/scene?run=" + "a" * 300,
        "/api/comparison?study=..", "/api/file?study=small&name=../study.json", "/api/file?study=small&name=study.json",
    ],
)  # fmt: skip
def test_nothing_outside_its_folders_is_read(served: Served, path: str) -> None:
    status, _, body = ask(served, "GET", path)
    assert status in (400, 404)
    assert b"import" not in body
    assert b"root:" not in body


@pytest.mark.parametrize("part", ["-1", "x", "1" * 4, "%00"])
def test_a_part_that_is_no_small_number_is_refused(served: Served, part: str) -> None:
    assert ask(served, "GET", f"/api/tracks?run=small/runs/baseline/1&part={part}")[0] == 400


def test_a_window_that_is_none_is_refused(served: Served) -> None:
    wish = {"drafts": [{"name": "a"}, {"name": "b"}], "replications": 2, "window": "whenever"}
    assert ask(served, "POST", "/api/jobs", posting(served), json.dumps(wish).encode())[0] == 400


def test_a_link_out_of_the_results_is_not_followed(served: Served, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    out = served.root / "out"
    out.symlink_to(tmp_path)
    try:
        assert ask(served, "GET", "/api/scene?run=out")[0] == 404
    finally:
        out.unlink()


def test_a_websocket_is_refused(served: Served) -> None:
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Key": "x" * 22 + "==", "Sec-WebSocket-Version": "13"}
    assert ask(served, "GET", "/", upgrade | {"Connection": "close"})[0] == 200
    assert b"101" not in ask(served, "GET", "/api/jobs/1/events", {"Upgrade": "websocket"})[2][:20]


def test_an_unknown_page_says_so_in_both_languages(served: Served) -> None:
    status, _, body = ask(served, "GET", "/nowhere", {"Accept": "text/html"})
    assert status == 404
    assert "没有这个页面" in body.decode()
    assert "no such page" in body.decode()


def test_a_title_that_is_a_script_stays_a_title(served: Served) -> None:
    title = "<script>alert(1)</script>"
    draft = {"format": 1, "name": "x", "title": {"zh": title, "en": title}, "extends": "baseline", "county": "621225_xihe", "levers": []}
    status, head, body = ask(served, "POST", "/api/check", posting(served), json.dumps({"draft": draft}).encode())
    assert (status, "content-type: application/json" in head) == (200, True)
    assert title in json.loads(body)["yaml"]
