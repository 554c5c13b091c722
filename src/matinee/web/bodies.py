"""JSON bodies of the routes that FastAPI serves: read by us, because a bad one must be our own problem."""

from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Response
from pydantic import BaseModel, ValidationError

from matinee.errors import BadInput, BadRequest, BadRights

Shape = TypeVar("Shape", bound=BaseModel)


def json_body(shape: type[BaseModel]) -> dict[str, Any]:
    """Describe a body of this shape."""
    schema = {"$ref": f"#/components/schemas/{shape.__name__}"}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def read_json(shape: type[Shape], body: bytes, problem: Callable[[str], BadInput] = BadRequest) -> Shape:
    """Read a body of this shape.

    Raises:
        BadInput: what ``problem`` makes of the sentence that says what is wrong; BadRights where rights are.
    """
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise _explain(error, problem) from error


def json_response(text: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Answer with JSON that is written already."""
    return Response(text, status, headers, media_type="application/json")


def _explain(error: ValidationError, problem: Callable[[str], BadInput]) -> BadInput:
    """Say what is wrong with a body, in pydantic's words but without what was sent."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    # A key may be a stranger's, and as long as the body.
    place = ".".join(str(part)[:64] for part in first["loc"])
    kind = BadRights if first["loc"][:1] == ("rights",) else problem
    return kind(f"{place}: {first['msg']}." if place else f"{first['msg']}.")
