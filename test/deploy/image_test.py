"""The image, run by podman with the rights that the Kubernetes manifests give it, against queues made on the host."""

import os
import shutil
import subprocess
import tarfile
import tempfile
import unittest

import manifests
from container import Container, Podman
from support.certificates import Authority
from support.isolation import ipc_namespace, mount_mqueue
from support.other_namespace import other_namespace
from support.posix_queue import PosixQueue
from support.process import status
from support.runner import main
from support.sysv_queue import SysvQueue
from support.waiting import wait_for

MEGABYTE = 1 << 20
NO_EBPF = f"{manifests.ROOT}/overlays/no-ebpf"
PATCHED = f"{manifests.ROOT}/overlays/patched-kernel"
# With the hash of "correct horse".
WEB_CONFIG = """
tls_server_config: {cert_file: tls.crt, key_file: tls.key}
basic_auth_users: {alice: $2y$04$PjV5KJSwL1.vAang4Q6Mxe0op48VfgevKofH5Hbt5Z0Pb048G8CDS}
"""


def setUpModule():
    global podman, image
    podman = Podman()
    unittest.addModuleCleanup(podman.remove)
    image = podman.load(os.environ["IMAGE"])
    # The host of these tests has an IPC namespace of its own, and its queues stand where a host's do.
    os.makedirs("/dev/mqueue", exist_ok=True)
    mount_mqueue("/dev/mqueue")


class ImageTest(unittest.TestCase):

    def test_it_is_small_and_holds_nothing_to_run_but_the_exporter(self):
        self.assertLess(os.path.getsize(os.environ["IMAGE"]), 40 * MEGABYTE)
        self.assertLess(podman.inspect(image)["Size"], 40 * MEGABYTE)
        mounted = podman.run("image", "mount", image).stdout.strip()
        self.addCleanup(podman.run, "image", "unmount", image)
        programs = {os.path.relpath(os.path.join(root, name), mounted) for root, _, names in os.walk(mounted)
                    for name in names if os.access(os.path.join(root, name), os.X_OK) and ".so" not in name}
        self.assertEqual(programs, {"usr/sbin/mqueue_exporter"})
        # Whoever scans it finds where each library comes from.
        self.assertIn("libc6", os.listdir(f"{mounted}/var/lib/dpkg/status.d"))

    def test_its_user_is_the_one_of_the_manifests_and_it_says_what_it_is(self):
        config = podman.inspect(image)["Config"]
        context = manifests.pod(manifests.build(manifests.BASE))["securityContext"]
        self.assertEqual(config["User"], f"{context['runAsUser']}:{context['runAsGroup']}")
        self.assertEqual(config["Labels"]["org.opencontainers.image.licenses"], "Apache-2.0")
        with tarfile.open(os.environ["IMAGE"]) as archive:
            self.assertIn("oci-layout", archive.getnames())

    def test_its_capabilities_are_permitted_and_not_effective(self):
        mounted = podman.run("image", "mount", image).stdout.strip()
        self.addCleanup(podman.run, "image", "unmount", image)
        shown = subprocess.run(["/usr/sbin/getcap", f"{mounted}/usr/sbin/mqueue_exporter"], capture_output=True,
                               text=True, check=True).stdout
        self.assertRegex(shown, r"cap_dac_read_search,cap_ipc_owner,cap_perfmon,cap_bpf=p\n$")


class ContainerTest(unittest.TestCase):

    def setUp(self):
        # Of root, for nobody else, as the queues of other containers are to the exporter's user.
        for queue, priority in ((PosixQueue(b"/private", mode=0o600), 3), (SysvQueue(0x7e57, mode=0o600), 5)):
            self.addCleanup(queue.remove)
            queue.send(b"secret", priority)

    def _seen(self, container):
        """What it shows of the two queues, by name. The host may have queues of the same names."""
        seen = container.wait_until_ready().scrape()
        own = {"ipc_namespace": ipc_namespace()}
        readers = {s.labels["queue"]: s.labels["reader"] for s in seen.series("mqueue_queue_info", **own)}
        heads = {s.labels["queue"]: s.value for s in seen.series("mqueue_head_message_priority", **own)}
        return {queue: (readers.get(queue), heads.get(queue)) for queue in ("/private", "0x00007e57")}

    def test_web_config_serves_who_logs_in_by_tls(self):
        with Authority() as authority:
            server = authority.issue("server", "IP:127.0.0.1")
            with open(server.key, encoding="ascii") as key:
                secret = {"web.yml": WEB_CONFIG, "tls.crt": server.text(), "tls.key": key.read()}
            curl = ["--cacert", authority.own.file]
            with Container(podman, image, manifests.build(f"{manifests.ROOT}/overlays/web-config"),
                           secrets={"mqueue-exporter-web": secret},
                           curl=[*curl, "--user", "alice:correct horse"]) as container:
                self.assertEqual(self._seen(container)["/private"], ("bpf", 3))
                stranger = subprocess.run(["curl", "--silent", *curl, "--output", os.devnull, "--write-out", "%{http_code}",
                                           "https://127.0.0.1:9992/metrics"], capture_output=True, text=True, check=True)
                self.assertEqual(stranger.stdout, "401")

    def test_base_looks_into_the_queues_of_other_namespaces_by_ebpf(self):
        with Container(podman, image, manifests.build(manifests.BASE)) as container:
            self.assertEqual(self._seen(container), {"/private": ("bpf", 3), "0x00007e57": ("bpf", 5)})
            self._check_process(container.pid(), kept=0)
            self.assertEqual(container.stop(), 0)

    def test_no_ebpf_looks_into_the_queues_of_the_host(self):
        with Container(podman, image, manifests.build(NO_EBPF)) as container:
            self.assertEqual(self._seen(container), {"/private": ("attr", None), "0x00007e57": ("msg_copy", 5)})
            self._check_process(container.pid(), kept=1 << 2 | 1 << 15)

    def test_patched_kernel_serves_where_the_kernel_is_not_patched_too(self):
        with Container(podman, image, manifests.build(PATCHED)) as container:
            self.assertEqual(self._seen(container), {"/private": ("bpf", 3), "0x00007e57": ("bpf", 5)})
            self._check_process(container.pid(), kept=1 << 2)

    def _check_process(self, pid, kept):
        fields = status(pid)
        self.assertEqual(fields["Uid"].split(), ["65532"] * 4)
        self.assertEqual((int(fields["CapEff"], 16), int(fields["CapPrm"], 16)), (kept, kept))
        self.assertEqual(fields["NoNewPrivs"], "1")

    def test_it_runs_where_it_is_given_no_capability_at_all(self):
        documents = manifests.build(NO_EBPF)
        del manifests.container(documents)["securityContext"]["capabilities"]["add"]
        with Container(podman, image, documents) as container:
            # What needs no right is there, what needs one is not.
            self.assertEqual(self._seen(container), {"/private": (None, None), "0x00007e57": ("msg_stat", None)})

    def test_its_rights_are_those_of_its_binary_with_privilege_escalation_too(self):
        documents = manifests.build(manifests.BASE)
        manifests.container(documents)["securityContext"]["allowPrivilegeEscalation"] = True
        with Container(podman, image, documents) as container:
            self.assertEqual(self._seen(container), {"/private": ("bpf", 3), "0x00007e57": ("bpf", 5)})
        # The same binary without them, from a volume.
        with tempfile.TemporaryDirectory() as directory:
            os.chmod(directory, 0o755)
            shutil.copy(os.environ["EXPORTER"], f"{directory}/mqueue_exporter")
            with Container(podman, image, documents, binary=f"{directory}/mqueue_exporter") as container:
                container.wait_until_ready()
                self.assertRegex(container.log(), r'reader="bpf" reason="[^"]*grant CAP_BPF and CAP_PERFMON')

    def test_other_containers_are_told_apart(self):
        documents = manifests.build(manifests.BASE)
        with Container(podman, image, documents) as container:
            container.wait_until_ready()
            with other_namespace("PosixQueue(b'/orders').send(b'', 9)") as other:
                namespace = ipc_namespace(other.pid)
                # The host may have a queue of the same name.
                queue = {"queue": "/orders", "ipc_namespace": namespace}
                seen = wait_for(lambda: (lambda now: now.series("mqueue_up", **queue) and now)(container.scrape()),
                                "the other's queue is shown")
                self.assertEqual(seen.series("mqueue_namespace_info", ipc_namespace=namespace)[0].labels["pid"],
                                 str(other.pid))


if __name__ == "__main__":
    main()
