"""What all shapes on the wire have in common."""

from pydantic import BaseModel, ConfigDict


class Shape(BaseModel):
    """A body, or a part of one: what it does not know is refused, and what checks it is built when first needed."""

    model_config = ConfigDict(extra="forbid", defer_build=True)
