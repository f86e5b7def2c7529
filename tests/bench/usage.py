"""Runs a command and prints, behind its output, what its process used as a JSON line:
seconds of wall and CPU, and the peak of its resident set in bytes.

    python3 usage.py COMMAND...
"""

import json
import resource
import subprocess
import sys
import time

start = time.perf_counter()
code = subprocess.call(sys.argv[1:])
wall = time.perf_counter() - start
used = resource.getrusage(resource.RUSAGE_CHILDREN)
unit = 1 if sys.platform == "darwin" else 1024
cpu = used.ru_utime + used.ru_stime
print(json.dumps({"wall": wall, "cpu": cpu, "peakBytes": used.ru_maxrss * unit}), flush=True)
sys.exit(code)
