"""What stands between the network and Streamlit: language of the page, password, headers, closed doors.

Streamlit serves its own page, files and a websocket. Of these, pages get the language that the link asks for
and headers that keep them to themselves; addresses that this dashboard does not use are closed; a websocket is
opened only for a page of this same server; and with a password nothing at all is served without a pass.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Callable, Iterable
from contextvars import copy_context
from html import escape
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sim.app.asked import LANGUAGE
from sim.app.guard import VISITOR_HEADER, Door, Guesses, span, visitor_of
from sim.app.language import LANGUAGES, Lang, current, speak, words
from sim.app.settings import Settings

COOKIE = "doorstroom_toegang"
FIELD = "wachtwoord"
HEALTH = "/_stcore/health"
ROBOTS = b"User-agent: *\nDisallow: /\n"
_MOST_FORM = 4_096
# Not used by this dashboard: counters of the server, a way in for programs, sign-in at other hosts.
_CLOSED = re.compile(r"/(_stcore/(metrics|agent|script-health-check)|auth|oauth2callback)(/|$)")
_ASSETS = re.compile(r"/(static|favicon\.png|_stcore|media|component)(/|$)")
_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_NO_SCRIPT = re.compile(rb"<noscript>.*?</noscript>", re.DOTALL)

Headers = list[tuple[bytes, bytes]]
T = words("guard")


def middleware(settings: Settings) -> list[Middleware]:
    """What stands before Streamlit, from the outside in."""
    secret = settings.secret
    return [
        Middleware(Sealed),
        *([Middleware(Locked, door=Door(secret))] if secret else []),
        Middleware(Spoken),
    ]


def policy(scripts: Iterable[bytes] = ()) -> str:
    """The content security policy of a page: nothing from any other host, no script but the server's own.

    Args:
        scripts: Texts of the scripts that stand in the page itself.
    """
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(s).digest()).decode()}'" for s in scripts]
    rules = {
        "default-src": ["'self'"],
        # Streamlit runs the script of a component from a blob, which only a script of this server can make.
        "script-src": ["'self'", "blob:", *hashes],
        # Streamlit and Plotly make styles while they run.
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in rules.items())


_ALWAYS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    # An address holds what a visitor looks at, and maybe the id of a file: no other server hears of it.
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"x-robots-tag", b"noindex, nofollow, noarchive"),
]
_HSTS = (b"strict-transport-security", b"max-age=31536000")


class Sealed:
    """Headers on every answer, closed addresses, websockets only for this server's own pages."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or refuse."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            if not same_origin(scope):
                await _hang_up(receive, send)
                return
            await self.app(_known(scope), receive, send)
            return

        async def sealed(message: Message) -> None:
            await send(_with_headers(message, scope) if message["type"] == "http.response.start" else message)

        path = _path(scope)
        if path.endswith("/robots.txt"):
            await _answer(sealed, 200, ROBOTS, b"text/plain; charset=utf-8")
        elif _CLOSED.search(path):
            await _answer(sealed, 404, b"Not found", b"text/plain; charset=utf-8")
        else:
            await self.app(_known(scope), receive, sealed)


class Locked:
    """Nothing without a pass, except the form that gives one."""

    def __init__(self, app: ASGIApp, door: Door, guesses: Guesses | None = None) -> None:
        """Put a door before an application."""
        self.app, self.door, self.guesses = app, door, guesses or Guesses()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let those with a pass through; ask the others for the password."""
        other = scope["type"] not in ("http", "websocket")
        if other or _path(scope).endswith(HEALTH) or self.door.admits(_cookie(scope, COOKIE)):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await _hang_up(receive, send)
        elif _ASSETS.search(_path(scope)):
            await _answer(send, 403, b"Forbidden", b"text/plain; charset=utf-8")
        elif scope["method"] == "POST":
            await self._judge(scope, receive, send)
        else:
            await self._ask(scope, send, 200)

    async def _judge(self, scope: Scope, receive: Receive, send: Send) -> None:
        who = _header(scope, VISITOR_HEADER.encode()).decode("latin-1")
        guess = await _field(receive)
        # No await from here until the guess is counted: others at the same door must not slip in between.
        if (wait := self.guesses.wait(who)) > 0:
            await self._ask(scope, send, 429, wait=wait)
            return
        if guess is None or not self.door.opens(guess):
            self.guesses.wrong(who)
            await self._ask(scope, send, 403, wrong=True)
            return
        self.guesses.right(who)
        kept = f"{COOKIE}={self.door.make_pass()}; Path=/; HttpOnly; SameSite=Lax"
        if scope.get("scheme") == "https":
            kept += "; Secure"
        await _answer(send, 303, b"", b"text/plain; charset=utf-8",
                      [(b"location", _here(scope)), (b"set-cookie", kept.encode())])  # fmt: skip

    async def _ask(
        self, scope: Scope, send: Send, status: int, *, wrong: bool = False, wait: float = 0
    ) -> None:
        lang = _language(scope)
        body = speaking(lang, form, _other_language(scope, lang), wrong, wait).encode()
        more: Headers = [(b"retry-after", str(math.ceil(wait)).encode())] if wait else []
        await _answer(send, status, body, b"text/html; charset=utf-8", more)


class Spoken:
    """Pages in the language that the link asks for: Streamlit always says English, and is read so aloud."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Change HTML pages; leave all else as it is."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started: Message = {}
        body = bytearray()

        async def told(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = message
                if not _is_html(message):
                    await send(message)
                return
            if not _is_html(started):
                await send(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                page = in_language(bytes(body), _language(scope))
                csp = policy(_SCRIPT.findall(page)).encode()
                dropped = (b"content-length", b"etag", b"last-modified", b"content-security-policy")
                kept = [(k, v) for k, v in started["headers"] if k not in dropped]
                length = str(len(page)).encode()
                more = [(b"content-length", length), (b"content-security-policy", csp)]
                await send({**started, "headers": [*kept, *more]})
                await send({"type": "http.response.body", "body": page})

        # Without compression the text of the page can be changed.
        headers = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
        await self.app({**scope, "headers": headers}, receive, told)


def in_language(page: bytes, lang: Lang) -> bytes:
    """Streamlit's page with its language, its name, and what it says without JavaScript."""
    told = escape(speaking(lang, lambda: str(T.NO_SCRIPT)))
    without = f"<noscript><p>{told}</p></noscript>".encode()
    page = page.replace(b'<html lang="en"', f'<html lang="{lang}"'.encode(), 1)
    page = page.replace(b"<title>Streamlit</title>", b"<title>Doorstroom</title>", 1)
    return _NO_SCRIPT.sub(lambda _: without, page, count=1)


def speaking(lang: Lang, make: Callable[..., str], *arguments: Any) -> str:
    """A text made in one language; what else this process is saying meanwhile stays as it is."""
    context = copy_context()
    context.run(speak, lang)
    return context.run(make, *arguments)


def form(other: str, wrong: bool, wait: float) -> str:
    """The page that asks for the password; works without JavaScript, by keyboard, and at any width.

    Args:
        other: Link to this page in the other language.
        wrong: The last try was wrong.
        wait: Seconds until the next try.
    """
    problem = T.WRONG if wrong else T.WAIT.format(time=span(wait)) if wait else ""
    alert = f'<p id="fout" role="alert"><strong>{escape(problem)}</strong></p>' if problem else ""
    about = ' aria-describedby="fout" aria-invalid="true"' if problem else ""
    lang = current()
    elsewhere = next(known for known in LANGUAGES if known != lang)
    switch = f'lang="{elsewhere}" hreflang="{elsewhere}"'
    return f"""<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(T.TITLE)}</title><style>{_STYLE}</style></head>
<body><main><p class="other"><a href="{escape(other)}" {switch}>{escape(T.OTHER_LANGUAGE)}</a></p>
<h1>{escape(T.HEADING)}</h1><p>{escape(T.INTRO)}</p>{alert}
<form method="post"><label for="{FIELD}">{escape(T.LABEL)}</label>
<input id="{FIELD}" name="{FIELD}" type="password" autocomplete="current-password" required autofocus{about}>
<button>{escape(T.BUTTON)}</button></form>
<p class="small">{escape(T.KEPT)}</p></main></body></html>
"""


_STYLE = (
    "body{margin:0;font:16px/1.5 sans-serif;color:#1F2937;background:#fff}"
    "main{max-width:30rem;margin:0 auto;padding:1.5rem 1rem}.other{text-align:right;margin:0}"
    "h1{font-size:1.5rem;line-height:1.25}label{display:block;font-weight:600;margin-bottom:.25rem}"
    "input,button{font:inherit;padding:.6rem .75rem;border-radius:4px;box-sizing:border-box;width:100%}"
    "input{border:1px solid #6B7280}button{margin-top:.75rem;border:0;background:#0B4F8A;color:#fff;font-weight:600}"
    "a{color:#0B4F8A}a:focus-visible,input:focus-visible,button:focus-visible{outline:3px solid #0B4F8A;outline-offset:2px}"
    "#fout{border-left:4px solid #1F2937;padding-left:.75rem}.small{font-size:.875rem;color:#4B5563}"
)


def same_origin(scope: Scope) -> bool:
    """True when a websocket is opened by a page of this server, or by a program that is no browser."""
    origin = _header(scope, b"origin").decode("latin-1")
    if not origin:
        return True
    try:
        return urlsplit(origin).netloc.lower() == _header(scope, b"host").decode("latin-1").lower() != ""
    except ValueError:
        return False


def _known(scope: Scope) -> Scope:
    """The same request with the visitor's name, and never with one that a visitor gave itself."""
    name = VISITOR_HEADER.encode()
    client = scope.get("client")
    who = visitor_of(client[0] if client else "").encode()
    return {**scope, "headers": [*((k, v) for k, v in scope["headers"] if k.lower() != name), (name, who)]}


def _with_headers(message: Message, scope: Scope) -> Message:
    headers: Headers = list(message.get("headers", []))
    present = {k.lower() for k, _ in headers}
    extra = [*_ALWAYS, *([_HSTS] if scope.get("scheme") == "https" else [])]
    if b"content-security-policy" not in present:
        extra.append((b"content-security-policy", policy().encode()))
    if "/static/" not in _path(scope) or _is_html(message):
        # Pages carry ids in their address, and answers what a visitor made.
        headers = [(k, v) for k, v in headers if k.lower() != b"cache-control"]
        extra.append((b"cache-control", b"no-store"))
    return {
        **message,
        "headers": [*headers, *((k, v) for k, v in extra if k not in present or k == b"cache-control")],
    }


async def _answer(
    send: Send, status: int, body: bytes, kind: bytes, more: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _hang_up(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": 1008})


async def _field(receive: Receive) -> str | None:
    """The password of a form that was sent; None when there is none, or it is far too long."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body.extend(message.get("body", b""))
        if len(body) > _MOST_FORM:
            return None
        if not message.get("more_body"):
            break
    try:
        return parse_qs(body.decode("ascii"), max_num_fields=4, strict_parsing=False).get(FIELD, [""])[0]
    except ValueError:
        return None


def _language(scope: Scope) -> Lang:
    asked = _query(scope).get(LANGUAGE, [""])[-1]
    return next((known for known in LANGUAGES if known == asked), "nl")


def _query(scope: Scope) -> dict[str, list[str]]:
    try:
        return parse_qs(scope.get("query_string", b"").decode("latin-1"), max_num_fields=100)
    except ValueError:
        return {}


def _other_language(scope: Scope, lang: Lang) -> str:
    pieces = [p for p in scope.get("query_string", b"").decode("latin-1").split("&") if p]
    kept = [p for p in pieces if p.partition("=")[0] != LANGUAGE]
    return "?" + "&".join([*kept, f"{LANGUAGE}={'nl' if lang == 'en' else 'en'}"])


def _here(scope: Scope) -> bytes:
    """This address again, on this server: a path that begins with two slashes would name another."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string", b"")
    path = b"/" + bytes(b for b in raw if 32 < b < 127).lstrip(b"/\\")
    return path + (b"?" + bytes(b for b in query if 32 < b < 127) if query else b"")


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    return path


def _header(scope: Scope, name: bytes) -> bytes:
    return next((v for k, v in scope["headers"] if k == name), b"")


def _cookie(scope: Scope, name: str) -> str:
    pieces = (p.strip().partition("=") for p in _header(scope, b"cookie").decode("latin-1").split(";"))
    return next((value for key, _, value in pieces if key == name), "")


def _is_html(message: Message) -> bool:
    return any(k == b"content-type" and v.startswith(b"text/html") for k, v in message.get("headers", []))
