"""The table of routes."""

from matinee.web.asgi import Reply
from matinee.web.routing import Access, Match, Route, RouteTable, WrongMethod

APP = Reply(204)


def test_match_finds_exact_paths_and_templates() -> None:
    exact = Route("GET", "/a.b", Access.OPEN, APP)
    template = Route("PUT", "/x/{info_hash}/{index}", Access.OWNER, APP)
    table = RouteTable([exact, template])
    assert table.match("HEAD", "/a.b") == Match(exact, {})
    assert table.match("PUT", f"/x/{'A' * 64}/10") == Match(template, {"info_hash": "A" * 64, "index": "10"})
    assert table.match("POST", "/a.b") == WrongMethod(("GET", "HEAD"))
    assert table.match("GET", "/aXb") is None
    assert table.match("PUT", f"/x/{'A' * 63}/10") is None
    assert table.match("PUT", f"/x/{'A' * 64}/10\n") is None
