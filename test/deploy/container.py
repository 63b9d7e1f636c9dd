"""The image as podman runs it, with what a Kubernetes manifest says of its container: there is no second list of rights."""

import json
import os
import subprocess
import tempfile

import manifests
from host import checked
from support.exposition import Exposition
from support.waiting import wait_for

_SETTINGS = """
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "kubernetes"
[engine.runtimes]
kubernetes = ["{runtime}"]
"""

# Podman makes the capabilities of a user other than root ambient, which Kubernetes does not.
_RUNTIME = """#!/usr/bin/python3
import json, os, sys
if "--bundle" in sys.argv:
    config = os.path.join(sys.argv[sys.argv.index("--bundle") + 1], "config.json")
    with open(config) as file:
        spec = json.load(file)
    spec["process"]["capabilities"] |= {"ambient": [], "inheritable": []}
    with open(config, "w") as file:
        json.dump(spec, file)
os.execv("/usr/sbin/runc", ["runc", *sys.argv[1:]])
"""


def _runtime_default():
    """Podman's profile, with what containerd's, the usual RuntimeDefault of Kubernetes, allows beside it."""
    with open("/usr/share/containers/seccomp.json", encoding="utf-8") as file:
        profile = json.load(file)
    for capability, call in (("CAP_BPF", "bpf"), ("CAP_PERFMON", "perf_event_open")):
        # Without a right, podman's fails the call by name; the first rule that fits would win.
        for rule in profile["syscalls"]:
            if call in rule["names"] and capability not in rule.get("includes", {}).get("caps", []):
                rule["names"].remove(call)
        profile["syscalls"].append({"names": [call], "action": "SCMP_ACT_ALLOW", "args": [],
                                    "includes": {"caps": [capability]}, "excludes": {}})
    return profile


class Podman:
    """Podman with a storage of its own, gone by `remove`."""

    def __init__(self):
        self._directory = tempfile.TemporaryDirectory(prefix="podman-")
        runtime = os.path.join(self._directory.name, "runtime")
        with open(runtime, "w", encoding="ascii") as file:
            file.write(_RUNTIME)
        os.chmod(runtime, 0o755)
        settings = os.path.join(self._directory.name, "containers.conf")
        with open(settings, "w", encoding="ascii") as file:
            file.write(_SETTINGS.format(runtime=runtime))
        self._environment = os.environ | {"CONTAINERS_CONF": settings}
        self.seccomp_profile = os.path.join(self._directory.name, "seccomp.json")
        with open(self.seccomp_profile, "w", encoding="ascii") as file:
            json.dump(_runtime_default(), file)
        self._options = ["--storage-driver", "vfs", "--root", f"{self._directory.name}/root",
                         "--runroot", f"{self._directory.name}/run"]

    def run(self, *arguments, check=True):
        done = subprocess.run(["podman", *self._options, *arguments], env=self._environment, capture_output=True,
                              text=True, timeout=300, check=False)
        return checked(done, ["podman", *arguments]) if check else done

    def load(self, archive):
        """The image's id."""
        return self.run("pull", "--quiet", f"oci-archive:{archive}").stdout.strip()

    def inspect(self, image):
        return json.loads(self.run("image", "inspect", image).stdout)[0]

    def remove(self):
        self.run("rm", "--force", "--all", check=False)
        self._directory.cleanup()


def _security(pod, container, seccomp_profile):
    """What Kubernetes would make of the security contexts, as flags of `podman run`."""
    of_pod, own = pod["securityContext"], container["securityContext"]
    assert of_pod["seccompProfile"] == {"type": "RuntimeDefault"}
    flags = [f"--user={of_pod['runAsUser']}:{of_pod['runAsGroup']}", f"--security-opt=seccomp={seccomp_profile}"]
    flags += [f"--cap-drop={name}" for name in own["capabilities"]["drop"]]
    flags += [f"--cap-add={name}" for name in own["capabilities"].get("add", [])]
    if own["readOnlyRootFilesystem"]:
        # Without this podman would mount what can be written over it.
        flags += ["--read-only", "--read-only-tmpfs=false"]
    if not own["allowPrivilegeEscalation"]:
        flags += ["--security-opt=no-new-privileges"]
    flags += [f"--memory={container['resources']['limits']['memory'].removesuffix('i')}"]
    if pod.get("hostPID"):
        flags += ["--pid=host"]
    if pod.get("hostIPC"):
        flags += ["--ipc=host"]
    return flags


def _mounts(documents, secrets, directory):
    """Volumes of ConfigMaps and Secrets, laid out in the directory, as flags."""
    pod, container = manifests.pod(documents), manifests.container(documents)
    of_maps = {document["metadata"]["name"]: document["data"] for document in manifests.of_kind(documents, "ConfigMap")}
    def files(volume):
        return secrets[volume["secret"]["secretName"]] if "secret" in volume else of_maps[volume["configMap"]["name"]]
    flags = []
    for mount in container["volumeMounts"]:
        volume = next(volume for volume in pod["volumes"] if volume["name"] == mount["name"])
        where = os.path.join(directory, volume["name"])
        os.mkdir(where)
        for name, text in files(volume).items():
            with open(os.path.join(where, name), "w", encoding="utf-8") as file:
                file.write(text)
        flags.append(f"--volume={where}:{mount['mountPath']}:ro")
    return flags


class Container:
    """The container of a manifest, on this host's network; gone with the `with`.

    binary: what to run of this host's instead of the image's. secrets: the files of Secrets that the user makes, by the
    Secrets' names. curl: what to ask by, before a URL, which then is one of https.
    """

    def __init__(self, podman, image, documents, binary=None, secrets=None, curl=()):
        self._podman = podman
        self._directory = tempfile.TemporaryDirectory(prefix="volumes-")
        os.chmod(self._directory.name, 0o755)
        self._documents = documents
        self._curl = curl
        self._id = podman.run(
            "run", "--detach", "--network=host", "--pull=never",
            *_security(manifests.pod(documents), manifests.container(documents), podman.seccomp_profile),
            *_mounts(documents, secrets or {}, self._directory.name),
            *(["--volume", f"{binary}:{binary}:ro", "--entrypoint", binary] if binary else []), image,
            *manifests.container(documents)["args"]).stdout.strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._podman.run("rm", "--force", "--time=0", self._id, check=False)
        self._directory.cleanup()

    def log(self):
        done = self._podman.run("logs", self._id)
        return done.stdout + done.stderr

    def pid(self):
        return int(self._podman.run("inspect", "--format={{.State.Pid}}", self._id).stdout)

    def stop(self):
        """Ends it as a kubelet would; its exit status."""
        grace = manifests.pod(self._documents)["terminationGracePeriodSeconds"]
        self._podman.run("stop", f"--time={grace}", self._id)
        return int(self._podman.run("inspect", "--format={{.State.ExitCode}}", self._id).stdout)

    def get(self, path):
        scheme = "https" if self._curl else "http"
        return subprocess.run(["curl", "--silent", "--show-error", "--fail", *self._curl,
                               f"{scheme}://127.0.0.1:9992{path}"],
                              capture_output=True, text=True, timeout=60, check=False)

    def wait_until_ready(self):
        probe = manifests.container(self._documents)["readinessProbe"].get("httpGet", {"path": "/-/ready"})["path"]
        try:
            wait_for(lambda: self.get(probe).returncode == 0, "the container is ready")
        except AssertionError as late:
            raise AssertionError(f"{late}: {self.log()}") from late
        return self

    def scrape(self):
        return Exposition(self.get("/metrics").stdout)
