"""Speaks to a running Matinee over its own interface, as its owner."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from matinee.data_folder import kept_token, running_address
from matinee.errors import Conflict, MatineeError, Unavailable

ANSWER_S = 60.0


class Remote:
    """A running Matinee."""

    def __init__(self, address: str, token: str) -> None:
        self.address = address
        self._token = token

    def ask(self, method: str, path: str, **arguments: Any) -> Any:
        """Send a request and give its JSON, or None when there is none.

        Raises:
            MatineeError: it refused, with its own sentence, or does not answer.
        """
        import httpx

        headers = {"Authorization": f"Bearer {self._token}"}
        try:
            answer = httpx.request(
                method,
                self.address.rstrip("/") + path,
                headers=headers,
                timeout=ANSWER_S,
                trust_env=False,
                **arguments,
            )
        except httpx.HTTPError as error:
            raise Unavailable(f"Matinee at {self.address} does not answer: {error}.") from error
        if answer.is_success:
            return answer.json() if answer.content else None
        raise _refusal(answer)


def find(data_dir: Path) -> Remote | None:
    """Find the Matinee that uses a data folder; None when none does."""
    address = running_address(data_dir)
    if address is None:
        return None
    token = os.environ.get("MATINEE_TOKEN") or kept_token(data_dir)
    if token is None or not urlsplit(address).netloc:
        raise Conflict(
            "Matinee is running with this data folder, but its token cannot be read. Set MATINEE_TOKEN."
        )
    return Remote(address, token)


def _refusal(answer: Any) -> MatineeError:
    try:
        sentence = str(answer.json()["detail"])
    except (ValueError, KeyError, TypeError):
        sentence = f"Matinee answered {answer.status_code}."
    return MatineeError(sentence)
