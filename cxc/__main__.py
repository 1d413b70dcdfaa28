"""The entry point of the command `cxc`, also as `python -m cxc`."""

import gc
import os
import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command and exit with its status."""
    # Nothing that starts up is garbage; looking for some takes a tenth of a short run.
    gc.set_threshold(1_000_000, 20, 100)
    # Polars waits for Python most of the time: more threads take as long, and more of the processors.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    from cxc.cli import run
    from cxc.reports.output import heed_signals

    heed_signals()
    status = run()
    gc.freeze()  # nor is what is left at the end, and Python would look through all of it
    sys.exit(status)


if __name__ == "__main__":
    main()
