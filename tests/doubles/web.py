"""What the doubles stand on: routes over the standard library's server, a page frame, a clock of one's own."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

Clock = Callable[[], dt.datetime]
STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, "Liberation Sans", Arial, sans-serif; }
body { margin: 0 auto; padding: 24px 16px 64px; max-width: 720px; }
header { display: flex; gap: 12px; align-items: baseline; border-bottom: 3px solid #0b5cd7; padding-bottom: 8px; }
header b { font-size: 20px; } header span { opacity: .75; font-size: 14px; }
h1 { font-size: 24px; } h2 { font-size: 18px; margin: 24px 0 8px; }
section { border: 1px solid #8a99ad80; border-radius: 12px; padding: 12px 16px; margin: 12px 0; }
p { margin: 6px 0; } small { opacity: .8; }
select { max-width: 100%; }
button, select, input { font: inherit; min-height: 44px; border-radius: 8px; }
button, select, input { border: 1px solid #6f8197; padding: 0 16px; }
button { background: #0b5cd7; color: #fff; border-color: #0b5cd7; cursor: pointer; }
button.quiet { background: transparent; color: inherit; border-color: #6f8197; }
form { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 8px 0; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; padding: 6px 8px 6px 0; vertical-align: top; }
:focus-visible { outline: 3px solid #0b5cd7; outline-offset: 2px; }
"""


@dataclass(frozen=True)
class Request:
    """What came in. `fields` are the query's and the form's values, as lists: a repeated one can be seen."""

    method: str
    path: str
    fields: Mapping[str, list[str]]
    headers: Mapping[str, str]
    address: str  # «http://127.0.0.1:9001», as the caller names this server

    def get(self, name: str, default: str = "") -> str:
        """The first value of a field."""
        return self.fields.get(name, [default])[0]


@dataclass(frozen=True)
class Response:
    """What goes out."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def json_response(value: Any, status: int = 200) -> Response:
    """An answer for programs."""
    return Response(json.dumps(value, ensure_ascii=False).encode(), status, {"Content-Type": "application/json"})


def redirect(address: str, **query: str) -> Response:
    """Send the browser on, with more fields in the address."""
    mark = "&" if urlsplit(address).query else "?"
    return Response(status=302, headers={"Location": f"{address}{mark}{urlencode(query)}" if query else address})


def page(title: str, content: str, *, who: str, status: int = 200) -> Response:
    """A page for people, in Russian; `content` is ready HTML. It says at the top that this is a double."""
    text = (
        f'<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body>'
        f"<header><b>{escape(who)}</b><span>учебная копия: настоящих данных здесь нет</span></header>"
        f"<main><h1>{escape(title)}</h1>{content}</main></body></html>"
    )
    return Response(text.encode(), status, {"Content-Type": "text/html; charset=utf-8"})


def escape(value: object) -> str:
    """Text that is safe inside HTML."""
    return html.escape(str(value))


def form(button: str, *, action: str = "", inside: str = "", is_quiet: bool = False, **hidden: str) -> str:
    """A form of one button; `inside` is ready HTML before it."""
    carried = "".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in hidden.items())
    look = ' class="quiet"' if is_quiet else ""
    where = f' action="{escape(action)}"' if action else ""
    return f'<form method="post"{where}>{carried}{inside}<button{look}>{escape(button)}</button></form>'


View = Callable[..., Response]


class App:
    """Routes: `@app.route("GET", "/rs/prns/{oid}")` over functions of (request, **parts of the path)."""

    def __init__(self) -> None:
        self._routes: list[tuple[str, re.Pattern[str], View]] = []

    def route(self, method: str, path: str) -> Callable[[View], View]:
        """Give this method and path to the function below."""
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path) + r"\Z")

        def remember(view: View) -> View:
            self._routes.append((method, pattern, view))
            return view

        return remember

    def answer(self, request: Request) -> Response:
        """The answer of the first route that fits."""
        for method, pattern, view in self._routes:
            found = pattern.match(request.path)
            if found and method == request.method:
                return view(request, **found.groupdict())
        return Response(b"not found", 404, {"Content-Type": "text/plain"})


@contextmanager
def serving(app: App, port: int = 0, host: str = "127.0.0.1") -> Iterator[str]:
    """The app in a thread of its own; gives its address. For tests."""
    server = _server(app, port, host)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def serve(app: App, port: int, host: str = "127.0.0.1") -> None:
    """The app until it is stopped. For the command line."""
    with _server(app, port, host) as server:
        server.serve_forever()


def clock_moved_by(seconds: float) -> Clock:
    """A clock that shows the real time moved by so many seconds."""
    return lambda: dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)


def _server(app: App, port: int, host: str) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            fields = parse_qs(parts.query, keep_blank_values=True)
            for name, values in parse_qs(body, keep_blank_values=True).items():
                fields.setdefault(name, []).extend(values)
            address = f"http://{self.headers.get('Host', host)}"
            self._send(app.answer(Request(self.command, parts.path, fields, self.headers, address)))

        do_GET = do_POST = _answer  # noqa: N815

        def _send(self, response: Response) -> None:
            try:
                self.send_response(response.status)
                for name, value in response.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(response.body)))
                self.end_headers()
                self.wfile.write(response.body)
            except (BrokenPipeError, ConnectionResetError):
                return  # the caller's patience ended first: slow mode

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: addresses of requests carry codes."""

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    return server
