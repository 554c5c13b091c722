"""Every error of the program has a status of its own line."""

import json

import pytest

from matinee import errors
from matinee.web.problems import STATUSES, internal_problem, plain_problem, problem


def _tree(root: type[errors.MatineeError]) -> list[type[errors.MatineeError]]:
    return [root, *(leaf for branch in root.__subclasses__() for leaf in _tree(branch))]


@pytest.mark.parametrize("kind", _tree(errors.MatineeError))
def test_problem_of_every_error_has_its_status_and_code(kind: type[errors.MatineeError]) -> None:
    reply = problem(kind("What happened.", info_hash="a" * 40))
    body = json.loads(reply.body)
    assert body["status"] == reply.status == STATUSES[kind]
    assert body["code"] == kind.code
    assert body["detail"] == "What happened."
    assert body["info_hash"] == "a" * 40
    assert body["type"] == "about:blank"
    assert (b"content-type", b"application/problem+json") in reply.headers


def test_codes_of_all_errors_differ() -> None:
    codes = [kind.code for kind in _tree(errors.MatineeError)]
    assert len(set(codes)) == len(codes)


def test_problem_with_a_detail_named_like_a_member_keeps_the_member() -> None:
    body = json.loads(problem(errors.NotFound("Gone.", status=200, title="x")).body)
    assert (body["status"], body["title"]) == (404, "Not Found")


def test_problem_of_what_may_work_later_says_when() -> None:
    assert (b"retry-after", b"5") in problem(errors.Starting("Wait.")).headers


def test_problem_of_a_stranger_names_the_scheme() -> None:
    assert (b"www-authenticate", b"Bearer") in problem(errors.Unauthorised("Who?")).headers


def test_internal_problem_says_nothing_of_the_inside() -> None:
    body = json.loads(internal_problem().body)
    assert body["code"] == "internal"
    assert set(body) == {"type", "title", "status", "code", "detail"}


def test_plain_problem_takes_header_fields() -> None:
    reply = plain_problem(405, "method-not-allowed", "No.", [("Allow", "GET")])
    assert (b"allow", b"GET") in reply.headers
