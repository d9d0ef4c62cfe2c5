"""The app behind the page: every answer is what a function of the library says."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import lru_cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from sim.errors import FaultyInput, SimError
from sim.fonts import FONT
from sim.scenario.explain import explain
from sim.scenario.model import WINDOWS
from sim.text import LANGUAGES, t
from sim.web import catalogue as start
from sim.web.comparison import comparison
from sim.web.draft import checked, read, spelled_out, text
from sim.web.export import write_study_html
from sim.web.guard import Guard
from sim.web.job import MOST_REPLICATIONS, Job, Store, key_of
from sim.web.outline import outline
from sim.web.pool import Pool
from sim.web.scene import history, scene
from sim.web.shelf import Shelf
from sim.web.tracks import tracks

HERE = Path(__file__).parent
MOST_JOBS = 16
"""Comparisons under way or remembered; what the older ones ran is in the results."""
HEARTBEAT_S = 10.0
LOOK_S = 0.02
"""How often a page's stream looks for what is new."""


class Workshop:
    """What the server holds: the results, the pool, the comparisons under way."""

    def __init__(self, results: Path, workers: int, warm: bool, scenarios: Path | None = None) -> None:
        self.shelf, self._workers, self._warm = Shelf(results), workers, warm
        self.token = secrets.token_urlsafe(24)
        """Must come with every request that changes something; the page that this server sends holds it."""
        self.store = Store(self.shelf.root / "workshop", scenarios)
        self.beside = scenarios
        self.jobs: OrderedDict[str, Job] = OrderedDict()
        self.pool: Pool | None = None
        self._lock = threading.Lock()

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        """Start the workers with the server, so that no click waits for them."""
        self.pool = Pool(self._workers, self._warm)
        await run_in_threadpool(start.catalogue)
        yield
        self.pool.close()

    def begin(self, drafts: list[Any], replications: int, window: str = "settled") -> str:
        """Start a comparison and return its id."""
        assert self.pool is not None
        key = key_of(drafts, replications, window)
        with self._lock:
            for other in self.jobs.values():
                if other.folder.name == key and other.join():
                    return other.id
            job = Job(secrets.token_hex(8), self.pool, self.store, drafts, replications, window)
            while len(self.jobs) >= MOST_JOBS:
                # One that has ended first: what another page waits for goes on.
                oldest = next((id for id, other in self.jobs.items() if other.ended), next(iter(self.jobs)))
                self.jobs.pop(oldest).cancel()
            self.jobs[job.id] = job
        job.start()
        return job.id

    def job(self, request: Request) -> Job:
        """Return the comparison that a request names."""
        found = self.jobs.get(request.path_params["id"])
        if found is None:
            raise HTTPException(404)
        return found


def make_app(results: Path, workers: int, warm: bool = True, scenarios: Path | None = None) -> Starlette:
    """Return the app over a results folder; ``warm`` has the workers load everything before anybody asks.

    ``scenarios`` is a folder of the user's own; counties in it are offered beside the shipped ones.
    """
    shop = Workshop(results, workers, warm, scenarios)
    routes = [
        Route("/", partial(_index, shop)),
        Route("/font.ttf", lambda request: FileResponse(FONT, media_type="font/ttf", headers={"Cache-Control": "max-age=86400"})),
        Route("/api/start", _answered(lambda request: start.offered(shop.beside))),
        Route("/api/county", _answered(partial(_county, shop))),
        Route("/api/results", _answered(lambda request: shop.shelf.listed())),
        Route("/api/scene", _answered(lambda request: scene(shop.shelf.run(_asked(request, "run"))))),
        Route("/api/history", _answered(partial(_history, shop))),
        Route("/api/tracks", partial(_tracks, shop)),
        Route("/api/comparison", _answered(lambda request: comparison(shop.shelf.study(_asked(request, "study")), shop.beside))),
        Route("/api/file", partial(_file, shop)),
        Route("/api/check", partial(_check, shop), methods=["POST"]),
        Route("/api/read", partial(_read, shop), methods=["POST"]),
        Route("/api/jobs", partial(_begin, shop), methods=["POST"]),
        Route("/api/jobs/{id}/events", partial(_events, shop)),
        Route("/api/jobs/{id}/cancel", partial(_cancel, shop), methods=["POST"]),
        Mount("/page", StaticFiles(directory=HERE / "page")),
        Mount("/vendor", StaticFiles(directory=HERE / "vendor")),
    ]
    handlers: Any = {SimError: _refused, HTTPException: _http, Exception: _broken}
    middleware = [Middleware(Guard, token=shop.token)]
    app = Starlette(routes=routes, middleware=middleware, exception_handlers=handlers, lifespan=shop.lifespan)
    app.state.shop = shop
    return app


@lru_cache(maxsize=1)
def _page() -> str:
    return (HERE / "page" / "index.html").read_text(encoding="utf-8")


async def _index(shop: Workshop, request: Request) -> Response:
    return HTMLResponse(_page().replace("{{token}}", shop.token))


def _answered(ask: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Return an endpoint that answers with JSON, worked out beside the server's loop."""

    async def inside(request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(ask, request))

    return inside


def _asked(request: Request, name: str) -> str:
    value = request.query_params.get(name, "")
    if not value:
        raise HTTPException(400)
    return value


def _county(shop: Workshop, request: Request) -> Any:
    found = outline(_asked(request, "county"), shop.beside)
    if not found:
        raise HTTPException(404)
    return found


def _history(shop: Workshop, request: Request) -> Any:
    day = request.query_params.get("day", "0")
    if not day.lstrip("-").isdecimal() or len(day) > 6:
        raise HTTPException(400)
    return history(shop.shelf.run(_asked(request, "run")), _asked(request, "place"), int(day))


@lru_cache(maxsize=6)
def _packed(run: Any, part: int) -> bytes:
    return tracks(run, part)


async def _tracks(shop: Workshop, request: Request) -> Response:
    run = await run_in_threadpool(shop.shelf.run, _asked(request, "run"))
    part = request.query_params.get("part", "0")
    if not part.isdecimal() or len(part) > 3:
        raise HTTPException(400)
    return Response(await run_in_threadpool(_packed, run, int(part)), media_type="application/octet-stream")


KINDS = (("report", "html"), ("report", "xlsx"), ("report", "pdf"), ("workshop", "html"))
REPORTS = {f"{name}.{lang}.{kind}": (name, kind, lang) for lang in LANGUAGES for name, kind in KINDS}


async def _file(shop: Workshop, request: Request) -> Response:
    """Send one of a study's reports, written when it is first asked for."""
    study, name = await run_in_threadpool(shop.shelf.study, _asked(request, "study")), _asked(request, "name")
    if name not in REPORTS:
        raise HTTPException(404)
    path, (what, kind, lang) = study.folder / "report" / name, REPORTS[name]
    fresh = path.is_file() and path.stat().st_mtime_ns >= (study.folder / "study.json").stat().st_mtime_ns
    if not fresh and what == "workshop":
        path.parent.mkdir(exist_ok=True)
        await run_in_threadpool(write_study_html, study, path, lang)
    elif not fresh:
        write = {"html": study.report, "xlsx": study.workbook, "pdf": study.printed}[kind]
        await run_in_threadpool(write, (lang,))
    return FileResponse(path, filename=f"{study.name}.{name}")


async def _body(request: Request) -> Any:
    try:
        found = json.loads(await request.body())
    except (ValueError, RecursionError):
        raise HTTPException(400) from None
    if not isinstance(found, dict):
        raise HTTPException(400)
    return found


async def _check(shop: Workshop, request: Request) -> Response:
    """Answer with the faults of a draft, or with its YAML and what it changes in words."""
    body = await _body(request)
    return JSONResponse(await run_in_threadpool(_explained, body.get("draft"), shop.beside))


def _explained(draft: Any, beside: Path | None) -> dict[str, Any]:
    if not isinstance(draft, dict):
        raise HTTPException(400)
    with TemporaryDirectory(prefix="guantong-") as folder:
        scenario = checked(draft, Path(folder), beside)
        told = {lang: [{"heading": p.heading, "lines": p.lines} for p in explain(scenario, lang)] for lang in LANGUAGES}
    return {"yaml": text(draft), "explain": told}


async def _read(shop: Workshop, request: Request) -> Response:
    """Answer with the draft that an uploaded scenario file holds."""
    written = (await _body(request)).get("text")
    if not isinstance(written, str):
        raise HTTPException(400)

    def inside() -> dict[str, Any]:
        with TemporaryDirectory(prefix="guantong-") as folder:
            draft = read(written, Path(folder), shop.beside)
            return spelled_out(draft, checked({"name": "uploaded", **draft}, Path(folder), shop.beside))

    return JSONResponse(await run_in_threadpool(inside))


async def _begin(shop: Workshop, request: Request) -> Response:
    body = await _body(request)
    drafts, replications, window = body.get("drafts"), body.get("replications"), body.get("window", "settled")
    whole = isinstance(drafts, list) and len(drafts) == 2 and all(isinstance(draft, dict) for draft in drafts)
    if not whole or not isinstance(replications, int) or not 1 <= replications <= MOST_REPLICATIONS or window not in WINDOWS:
        raise HTTPException(400)
    return JSONResponse({"job": await run_in_threadpool(shop.begin, drafts, replications, window)})


async def _cancel(shop: Workshop, request: Request) -> Response:
    await run_in_threadpool(shop.job(request).leave)
    return JSONResponse({})


async def _events(shop: Workshop, request: Request) -> Response:
    """Stream what a comparison says, from where the page's last event was."""
    job = shop.job(request)
    last = request.headers.get("last-event-id", "")

    async def stream() -> AsyncIterator[str]:
        seen, quiet = int(last) + 1 if last.isdecimal() else 0, 0.0
        while True:
            for number, event in enumerate(job.events[seen:], seen):
                yield f"id: {number}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n"
                seen, quiet = number + 1, 0.0
            if job.ended and seen >= len(job.events):
                return
            await asyncio.sleep(LOOK_S)
            quiet += LOOK_S
            if quiet >= HEARTBEAT_S:
                quiet = 0.0
                yield ": \n\n"

    return StreamingResponse(stream(), media_type="text/event-stream")


async def _refused(request: Request, error: Exception) -> Response:
    faults = error.faults if isinstance(error, FaultyInput) else []
    told = [{"where": f.where, "zh": f.text("zh"), "en": f.text("en")} for f in faults]
    # Faults of what somebody wrote are the answer to the question whether it is right.
    return JSONResponse({"faults": told}) if faults else JSONResponse({"error": "results"}, 404)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/"):
        said = "".join(f"<p lang={lang}>{t('web.no_page', lang)}</p>" for lang in LANGUAGES)
        return HTMLResponse(
            f"<!doctype html><meta charset=utf-8><title>{status}</title><main>{said}<p><a href=/>Guantong 贯通</a></main>", status
        )
    return JSONResponse({"error": "request"}, status)


async def _broken(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "server"}, 500)


__all__ = ["Workshop", "make_app"]
