"""Resource limits of the child process, enforced by the kernel whatever a picture does to the decoder."""

import contextlib
import os
import resource
import time
from pathlib import Path

from desk.media.decoding.budget import WORKING_BYTES

DATA_BYTES = WORKING_BYTES + 40 * 1_048_576  # the interpreter, the file that was sent, the file that is saved
ADDRESS_BYTES = DATA_BYTES + 128 * 1_048_576  # and the libraries; for kernels that do not count data alone
FILE_BYTES = 16 * 1_048_576
JOB_SECONDS = 15  # of CPU time for one picture; the most expensive harmless one takes 3


def limit_process() -> None:
    """Call once, before any untrusted data is read."""
    resource.setrlimit(resource.RLIMIT_DATA, (DATA_BYTES, DATA_BYTES))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_BYTES, ADDRESS_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)  # conversations come first
    with contextlib.suppress(OSError):
        # If memory still runs out, the kernel kills this process and not one that serves citizens.
        Path("/proc/self/oom_score_adj").write_text("1000")


def limit_job() -> None:
    """Call before each picture, because the kernel counts CPU time from the start of the process."""
    until = int(time.process_time()) + JOB_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
