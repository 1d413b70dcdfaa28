"""The entry point of the command `cxc`, also as `python -m cxc`."""

import gc
import os
from signal import SIGINT
from typing import NoReturn


def prepare() -> None:
    """See to it that Python and Polars waste nothing on a program that soon ends."""
    # Nothing that starts up is garbage; looking for some takes a tenth of a short run.
    gc.set_threshold(1_000_000, 20, 100)
    # Polars waits for Python most of the time: more threads take as long, and more of the processors.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    # What one thread lets go of, another takes: new pages of memory cost more than most of what is done in them.
    os.environ.setdefault("_RJEM_MALLOC_CONF", "narenas:1")


def main() -> NoReturn:
    """Run the command and exit with its status."""
    prepare()
    try:
        from cxc.cli import run
        from cxc.reports.output import heed_signals

        heed_signals()
    except KeyboardInterrupt:  # before anything else can take care of it
        os.write(2, b"cxc: stopped\n")
        os._exit(128 + SIGINT)
    # All is written by now; to take apart what is left, object by object, would only take time.
    os._exit(run())


if __name__ == "__main__":
    main()
