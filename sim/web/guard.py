"""Let in only the page's own requests: loopback names, no foreign origin, a token on whatever changes something, no large bodies."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOSTS = ("127.0.0.1", "localhost")
MOST_BYTES = 256_000
"""Of one request's body: a scenario file is a few thousand."""
TOKEN = "x-guantong-token"
READING = ("GET", "HEAD")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def refused(method: str, headers: Headers, token: str) -> tuple[int, str] | None:
    """Return the status and the reason why a request is not answered, None where it is."""
    if len(headers.getlist("host")) != 1 or _name(headers["host"]) not in HOSTS:
        return 400, "host"
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{headers['host']}":
        return 403, "origin"
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return 403, "cross_site"
    if method in READING:
        return None
    if headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return 415, "content_type"
    if not hmac.compare_digest(headers.get(TOKEN, "").encode(), token.encode()):
        return 403, "token"
    length = headers.get("content-length", "")
    if not length.isascii() or not length.isdecimal():
        return 411, "length"
    return (413, "too_large") if int(length) > MOST_BYTES else None


class Guard:
    """Wraps an app: refuses before it is asked, and puts the page's policy on every answer."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app, self._token = app, token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        why = refused(scope["method"], Headers(scope=scope), self._token)
        answer = self._app if why is None else JSONResponse({"error": why[1]}, why[0])
        await answer(scope, receive, tell)


def _name(host: str) -> str:
    """Return the name in a Host header, "" where it is no name with a port."""
    try:
        parts = urlsplit(f"http://{host}")
        name, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return name if parts.netloc == host and host in (name, f"{name}:{port}") else ""
