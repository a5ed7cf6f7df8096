"""Runs one peer: python -I -B run.py NAME FOLDER LOAD ROWS

FOLDER holds figures.json and, in LOAD/, one .npy file a column. Once the rows are loaded a line of JSON says who is
ready; then each line on stdin asks for one thing and is answered by one line of JSON:

  run   compute everything once, from columns in memory to columns in memory: {"nanoseconds": …}
  save  the same, and keep the results as LOAD/NAME/COLUMN.npy
  one   the same for a single person, if the peer has a way of its own for that
"""

import importlib.util
import json
import os
import sys
import time
from pathlib import Path

# A peer's own printing must not mix with our answers.
answers = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def answer(**facts):
    print(json.dumps(facts), file=answers, flush=True)


def timed(work):
    start = time.perf_counter_ns()
    results = work()
    return time.perf_counter_ns() - start, results


def main(name, folder, load, rows):
    import numpy

    # By path: a peer's file may be called like the library it measures.
    spec = importlib.util.spec_from_file_location("peer", Path(__file__).with_name(f"{name}.py"))
    peer = importlib.util.module_from_spec(spec)
    sys.modules["peer"] = peer
    spec.loader.exec_module(peer)

    figures = json.loads((folder / "figures.json").read_text())
    columns = {
        file.stem: numpy.load(file, mmap_mode="r")[:rows] for file in sorted((folder / load).glob("*.npy"))
    }
    work = peer.prepare(load, columns, figures)
    answer(version=peer.VERSION, threads=peer.THREADS)

    for line in sys.stdin:
        match line.strip():
            case "run":
                nanoseconds, _ = timed(work)
            case "save":
                nanoseconds, results = timed(work)
                kept = folder / load / name
                kept.mkdir(exist_ok=True)
                for column, values in peer.as_numpy(results).items():
                    numpy.save(kept / f"{column}.npy", numpy.ascontiguousarray(values, dtype=numpy.int64))
            case "one":
                nanoseconds, _ = timed(peer.one(load, columns, figures))
        results = _ = None
        answer(nanoseconds=nanoseconds)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
