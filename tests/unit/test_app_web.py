"""What stands between the network and Streamlit, driven as a server drives it: scope in, messages out."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from sim.app.guard import VISITOR_HEADER, Door
from sim.app.settings import read
from sim.app.web import Locked, Sealed, Spoken, form, middleware, policy, same_origin

WORD = "vier gewone woorden hier"
PAGE = (
    b'<html lang="en"><head><title>Streamlit</title><script>one = 1</script></head>'
    b'<body><noscript><p>You need <a href="x">JavaScript</a></p></noscript></body></html>'
)
OWN = "eigen-0123456789abcdefghijkl"


@dataclass
class Inner:
    """Stands for Streamlit: remembers what reached it."""

    body: bytes = PAGE
    kind: bytes = b"text/html; charset=utf-8"
    seen: list[Mapping[str, Any]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        headers = [
            (b"content-type", self.kind),
            (b"content-length", b"1"),
            (b"cache-control", b"public, immutable"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self.body[:20], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[20:]})


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: str
    messages: list[Any]


def ask(
    app: Any,
    path: str = "/",
    query: str = "",
    *,
    method: str = "GET",
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    kind: str = "http",
    client: str = "192.0.2.1",
    scheme: str = "http",
) -> Answer:
    scope = {
        "type": kind, "path": path, "raw_path": path.encode(), "query_string": query.encode(), "method": method,
        "headers": [(k.encode(), v.encode()) for k, v in {"host": "almere.test", **(headers or {})}.items()],
        "client": (client, 5), "scheme": scheme,
    }  # fmt: skip
    inbox = [{"type": "websocket.connect"} if kind == "websocket" else {"type": "http.request", "body": body}]
    sent: list[Any] = []

    async def receive() -> Any:
        return inbox.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    start = next((m for m in sent if m["type"] == "http.response.start"), {"status": 0, "headers": []})
    found: dict[str, str] = {}
    for k, v in start["headers"]:
        assert k.decode() not in found, f"{k.decode()} stands twice"
        found[k.decode()] = v.decode()
    text = b"".join(m.get("body", b"") for m in sent if m["type"] == "http.response.body").decode()
    return Answer(start["status"], found, text, sent)


def whole(inner: Inner, **environment: str) -> Any:
    app: Any = inner
    for layer in reversed(middleware(read({f"DOORSTROOM_{k.upper()}": v for k, v in environment.items()}))):
        app = layer.cls(app, *layer.args, **layer.kwargs)
    return app


@pytest.mark.parametrize(
    ("query", "lang"),
    [("", "nl"), ("taal=en", "en"), ("wat=x&taal=en", "en"), ("taal=fr", "nl"), ("taal=%22%3E%3Cscript%3E", "nl"),
     ("taal=en&taal=nl", "nl"), ("&".join(["a=1"] * 500), "nl")],
)  # fmt: skip
def test_a_page_says_its_language(query: str, lang: str) -> None:
    answer = ask(Spoken(Inner()), query=query)
    assert answer.body.startswith(f'<html lang="{lang}"')
    assert int(answer.headers["content-length"]) == len(answer.body.encode())
    assert "<title>Doorstroom</title>" in answer.body
    assert ("Zet JavaScript aan" in answer.body) == (lang == "nl")
    assert "You need" not in answer.body


def test_what_is_no_page_is_left_alone() -> None:
    answer = ask(Spoken(Inner(b'<html lang="en" of a script', b"text/javascript")))
    assert answer.body == '<html lang="en" of a script'


def test_every_answer_keeps_itself_to_itself() -> None:
    for path in ("/", "/vergelijk", "/static/js/x.js", "/robots.txt", "/_stcore/metrics", "/media/x"):
        headers = ask(whole(Inner()), path, f"wat={OWN}").headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-frame-options"] == "DENY"
        assert "noindex" in headers["x-robots-tag"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "strict-transport-security" not in headers
    assert "max-age" in ask(whole(Inner()), scheme="https").headers["strict-transport-security"]


def test_pages_and_answers_are_not_cached_and_assets_are() -> None:
    assert ask(whole(Inner()), "/", f"wat={OWN}").headers["cache-control"] == "no-store"
    assert ask(whole(Inner(kind=b"text/csv")), "/media/x.csv").headers["cache-control"] == "no-store"
    script = ask(whole(Inner(kind=b"text/javascript")), "/static/js/x.js")
    assert script.headers["cache-control"] == "public, immutable"
    assert ask(whole(Inner()), "/static/../").headers["cache-control"] == "no-store"


def test_the_policy_allows_the_scripts_of_the_page_and_no_other_host() -> None:
    found = ask(whole(Inner())).headers["content-security-policy"]
    mark = base64.b64encode(hashlib.sha256(b"one = 1").digest()).decode()
    assert f"script-src 'self' blob: 'sha256-{mark}';" in found
    assert "unsafe-eval" not in found
    assert "script-src 'self' blob:;" in policy()
    allowed = {word for rule in found.split("; ") for word in rule.split()[1:]}
    assert not any("." in word or "//" in word or word == "*" for word in allowed)


def test_search_engines_are_asked_to_stay_away() -> None:
    assert ask(whole(Inner()), "/robots.txt").body == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    "path",
    ["/_stcore/metrics", "/_stcore/agent/interact", "/_stcore/agent/mcp", "/auth/login", "/oauth2callback",
     "/base/_stcore/metrics", "/_stcore/script-health-check"],
)  # fmt: skip
def test_addresses_that_are_not_used_are_closed(path: str) -> None:
    inner = Inner()
    assert ask(whole(inner), path, method="POST").status == 404
    assert not inner.seen


@pytest.mark.parametrize(
    ("headers", "opens"),
    [({"origin": "https://almere.test"}, True), ({"origin": "http://ALMERE.test"}, True), ({}, True),
     ({"origin": "https://evil.test"}, False), ({"origin": "null"}, False), ({"origin": "https://[bad"}, False),
     ({"origin": "https://almere.test.evil.test"}, False), ({"origin": "https://almere.test:8"}, False)],
)  # fmt: skip
def test_a_websocket_is_only_for_pages_of_this_server(headers: dict[str, str], opens: bool) -> None:
    inner = Inner()
    answer = ask(whole(inner), "/_stcore/stream", kind="websocket", headers=headers)
    assert answer.messages[0]["type"] == ("websocket.accept" if opens else "websocket.close")
    assert bool(inner.seen) == opens


def test_without_a_host_no_page_has_the_same_origin() -> None:
    assert not same_origin({"headers": [(b"origin", b"https://")]})


def test_nobody_chooses_the_name_under_which_work_is_counted() -> None:
    inner = Inner()
    app = whole(inner)
    ask(app, client="192.0.2.1", headers={VISITOR_HEADER: "admin"})
    ask(app, client="192.0.2.1")
    ask(app, client="192.0.2.2")
    names = [[v for k, v in scope["headers"] if k == VISITOR_HEADER.encode()] for scope in inner.seen]
    assert all(len(found) == 1 for found in names)
    assert names[0] == names[1] != names[2]


class TestLocked:
    """A server with a password."""

    def test_nothing_is_served_without_a_pass(self) -> None:
        inner = Inner()
        app = whole(inner, password=WORD)
        assert ask(app, "/vergelijk").status == 200
        for path in ("/static/js/x.js", "/media/x", "/_stcore/upload_file/a/b", "/_stcore/host-config"):
            assert ask(app, path).status == 403
            assert ask(app, path, method="PUT").status == 403
        answer = ask(app, "/_stcore/stream", kind="websocket", headers={"origin": "http://almere.test"})
        assert answer.messages[0]["type"] == "websocket.close"
        assert not inner.seen

    def test_the_health_check_needs_no_pass(self) -> None:
        inner = Inner(b"ok", b"text/plain")
        assert ask(whole(inner, password=WORD), "/_stcore/health").body == "ok"

    def test_the_form_speaks_the_language_of_the_link_and_keeps_the_link(self) -> None:
        app = whole(Inner(), password=WORD)
        dutch = ask(app, "/vergelijk", f"wat={OWN}").body
        assert '<html lang="nl">' in dutch and "Wachtwoord" in dutch
        assert f'href="?wat={OWN}&amp;taal=en"' in dutch
        english = ask(app, "/vergelijk", f"taal=en&wat={OWN}").body
        assert '<html lang="en">' in english and "Password" in english
        assert f'href="?wat={OWN}&amp;taal=nl"' in english

    def test_the_password_gives_a_pass_and_the_link_back(self) -> None:
        inner = Inner()
        app = whole(inner, password=WORD)
        body = f"wachtwoord={WORD.replace(' ', '+')}".encode()
        answer = ask(app, "/vergelijk", f"wat={OWN}", method="POST", body=body)
        assert answer.status == 303
        assert answer.headers["location"] == f"/vergelijk?wat={OWN}"
        kept = answer.headers["set-cookie"]
        assert "HttpOnly" in kept and "SameSite=Lax" in kept and "Secure" not in kept
        cookie = kept.partition(";")[0]
        assert ask(app, headers={"cookie": f"a=b; {cookie}; c"}).body.startswith(
            '<html lang="nl"><head><title>Doorstroom'
        )
        assert len(inner.seen) == 1
        safe = ask(app, method="POST", body=body, scheme="https").headers["set-cookie"]
        assert safe.endswith("; Secure")

    @pytest.mark.parametrize("path", ["//evil.test/x", "/\\evil.test", "///evil.test"])
    def test_no_path_leads_to_another_server(self, path: str) -> None:
        app = whole(Inner(), password=WORD)
        answer = ask(app, path, "a=1\r\nx: y", method="POST", body=f"wachtwoord={WORD}".encode())
        assert answer.status == 303
        assert answer.headers["location"].startswith("/evil.test")
        assert "\r" not in answer.headers["location"]

    @pytest.mark.parametrize(
        "body",
        [b"", b"wachtwoord=", b"wachtwoord=fout", b"\xff\xfe", b"wachtwoord=" + b"x" * 9_000, b"&" * 4_000,
         b"a=1&b=2&c=3&d=4&e=5&wachtwoord=x", b"wachtwoord=%FF%00", b'{"wachtwoord": "x"}'],
    )  # fmt: skip
    def test_what_is_no_password_is_asked_again(self, body: bytes) -> None:
        answer = ask(whole(Inner(), password=WORD), method="POST", body=body)
        assert answer.status == 403
        assert 'role="alert"' in answer.body and 'aria-invalid="true"' in answer.body
        assert "set-cookie" not in answer.headers

    def test_wrong_guesses_are_slowed_down_per_visitor(self) -> None:
        app = whole(Inner(), password=WORD)
        wrong = [ask(app, method="POST", body=b"wachtwoord=fout") for _ in range(6)]
        assert [a.status for a in wrong] == [403] * 5 + [429]
        assert int(wrong[-1].headers["retry-after"]) >= 1
        assert "te vaak" in wrong[-1].body
        # The right one has to wait as well, or the wait would tell it from the wrong ones.
        right = f"wachtwoord={WORD}".encode()
        assert ask(app, method="POST", body=right).status == 429
        assert ask(app, method="POST", body=right, client="192.0.2.9").status == 303

    def test_a_form_that_never_ends_is_not_read_to_its_end(self) -> None:
        read_so_far = 0

        async def endless() -> Any:
            nonlocal read_so_far
            read_so_far += 1
            return {"type": "http.request", "body": b"x" * 1_000, "more_body": True}

        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "path": "/", "query_string": b"", "method": "POST", "headers": []}
        asyncio.run(Locked(Inner(), Door(WORD))(scope, endless, send))
        assert sent[0]["status"] == 403
        assert read_so_far < 10

    def test_what_was_typed_never_comes_back(self) -> None:
        answer = ask(
            whole(Inner(), password=WORD), query='"><script>', method="POST", body=b"wachtwoord=<b>hoi"
        )
        assert "<b>hoi" not in answer.body and "<script>" not in answer.body
        assert "<script>" not in form('"><script>', True, 0)


def test_an_open_server_has_no_door() -> None:
    assert [layer.cls for layer in middleware(read({}))] == [Sealed, Spoken]
    assert "set-cookie" not in ask(whole(Inner())).headers
