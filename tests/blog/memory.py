"""The most memory that a process of its own took.

Not getrusage: there a new process begins with the most that the one it came from ever took.
"""

import subprocess
import sys

PEAK = """
def peak() -> int:
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) // 1024
"""


def printed_by(program: str, *arguments: object) -> int:
    """What a program of Python prints, which may call peak(): megabytes until then."""
    command = [sys.executable, "-c", PEAK + program, *map(str, arguments)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
