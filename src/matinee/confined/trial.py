"""Whether this system can take calls away from a process: tried in one of its own, for what is given up is gone."""

import os
import subprocess
import sys

from matinee.confined.calls import only_compute
from matinee.confined.child import leave_with

LIMIT_S = 30.0


def can_take_calls() -> bool:
    """Tell whether confined processes may only compute here, or are held by limits alone. Blocks for a moment."""
    tried = subprocess.run(  # noqa: S603 - words of ours alone
        [sys.executable, "-P", "-m", __name__], stdin=subprocess.DEVNULL, check=False, timeout=LIMIT_S
    )
    return tried.returncode == 0


if __name__ == "__main__":
    leave_with(os.getppid())
    # Python's own end would ask for what is given up.
    os._exit(0 if only_compute(threads=False) else 1)
