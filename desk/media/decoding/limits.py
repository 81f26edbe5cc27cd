"""What the child process may take of the machine. The kernel holds it to this, whatever a picture does to a decoder."""

import contextlib
import os
import resource
import time
from pathlib import Path

from desk.media.decoding.budget import WORKING_BYTES

DATA_BYTES = WORKING_BYTES + 40 * 1_048_576  # the interpreter, the file that was sent, the file that is saved
ADDRESS_BYTES = DATA_BYTES + 128 * 1_048_576  # and the libraries; for kernels that do not count data alone
FILE_BYTES = 16 * 1_048_576
JOB_SECONDS = 15  # of the processor, for one picture; the most costly honest one takes 3


def limit_process() -> None:
    """Called once, before anything of a stranger is read."""
    resource.setrlimit(resource.RLIMIT_DATA, (DATA_BYTES, DATA_BYTES))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_BYTES, ADDRESS_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # conversations come first
    with contextlib.suppress(OSError):
        # Where memory is short all the same, this process goes and not the one that serves citizens.
        Path("/proc/self/oom_score_adj").write_text("1000")


def limit_job() -> None:
    """Called before each picture: the kernel counts a process's whole life."""
    until = int(time.process_time()) + JOB_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
