"""A player that opens a playback as the page does, plays what it is given, and asks what the program saw of it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from urllib.parse import urljoin

from bench.film import Film
from bench.player import SEEKS, PlaybackError, Player, Story
from bench.segments import SegmentPlayer


class OpenedPlayer:
    """Plays one film from one server, as its own bytes or in segments, and tells the story."""

    def __init__(
        self, film: Film, server: str, info_hash: str, headers: Mapping[str, str], *, patience_s: float
    ) -> None:
        self._film = film
        self._server = server
        self._info_hash = info_hash
        self._headers = headers
        self._patience_s = patience_s

    def play(self, play_s: float, seeks: Sequence[float] = SEEKS) -> Story:
        """Open, play, seek; then end the playback, and keep what the program says came of it."""
        opened_s = time.monotonic()
        segments = SegmentPlayer(
            self._film, self._server, self._info_hash, self._headers, patience_s=self._patience_s
        )
        try:
            session = segments.given = segments.session()
            player: Player | SegmentPlayer = segments
            if session["kind"] == "direct":
                url = urljoin(self._server, session["url"])
                player = Player(self._film, url, self._headers, patience_s=self._patience_s)
            story = player.play(play_s, seeks)
            segments.ask("DELETE", f"/api/v1/playback/{session['session']}")
            _, said = segments.ask("GET", "/api/v1/promises")
            story.told = next(iter(json.loads(said)["promises"]), None)
            segments.ask("DELETE", f"/api/v1/torrents/{self._info_hash}?files=delete")
        except (PlaybackError, OSError, ValueError) as error:
            story = Story(trouble=str(error) or repr(error))
        story.opened_s = opened_s
        return story
