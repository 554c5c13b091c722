"""What a confined process can be asked about its film. Runs inside it.

A job takes the film and the request, and gives what goes back: a JSON object, and bytes. It may raise what the
library raises, and ValueError where the film is not what the request says.
"""

from collections.abc import Callable, Mapping
from typing import Any

from matinee.confined.frames import Head
from matinee.media.film import Film
from matinee.media.probe import probe

Job = Callable[[Film, dict[str, Any]], tuple[Head, bytes]]

JOBS: Mapping[str, Job] = {
    "probe": probe,
}
