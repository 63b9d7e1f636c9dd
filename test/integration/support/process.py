"""What /proc tells of a process."""


def status(pid, task=None):
    """The fields of its status, or of one thread's, by name; their values as they stand there."""
    path = f"/proc/{pid}/status" if task is None else f"/proc/{pid}/task/{task}/status"
    with open(path, encoding="utf-8") as file:
        return dict(line.rstrip("\n").split(":\t", 1) for line in file if ":\t" in line)
