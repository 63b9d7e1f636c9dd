"""A systemd unit in a machine."""


class Service:
    """The exporter's unit."""

    def __init__(self, machine, unit="mqueue_exporter.service"):
        self.machine = machine
        self.unit = unit

    def show(self, name):
        return self.machine.run("systemctl", "show", "--value", f"--property={name}", self.unit).stdout.strip()

    def control(self, verb, check=True):
        return self.machine.run("systemctl", verb, self.unit, check=check)

    def log(self):
        return self.machine.run("journalctl", "--no-pager", "--unit", self.unit).stdout

    def process(self):
        """Its pid as this host counts, to read /proc by."""
        return self.machine.pid_here(int(self.show("MainPID")))

    def drop_in(self, name, text):
        self.machine.write(f"/etc/systemd/system/{self.unit}.d/{name}", text)
        self.machine.run("systemctl", "daemon-reload")

    def remove_drop_ins(self):
        self.machine.run("rm", "--recursive", "--force", f"/etc/systemd/system/{self.unit}.d")
        self.machine.run("systemctl", "daemon-reload")
