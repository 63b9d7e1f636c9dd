"""The Kubernetes manifests: what kubectl builds is valid, refers to what is there, and fits the exporter."""

import copy
import os
import subprocess
import tempfile
import unittest

import manifests
from support.exporter import Exporter
from support.runner import main

EVERYTHING = [manifests.BASE, *manifests.OVERLAYS]
WEB_CONFIG = f"{manifests.ROOT}/overlays/web-config"
# Maps whose keys are the user's own.
FREE = {"annotations", "data", "labels", "limits", "matchLabels", "nodeSelector", "requests"}


def misspelled(node, path=()):
    """Every way of misspelling one key that the API knows: a copy of the whole each time."""
    def walk(at, where):
        if isinstance(at, dict):
            for key, value in at.items():
                yield (*where, key)
                if key not in FREE:
                    yield from walk(value, (*where, key))
        elif isinstance(at, list):
            for index, value in enumerate(at):
                yield from walk(value, (*where, index))
    for where in walk(node, path):
        changed = copy.deepcopy(node)
        parent = changed
        for step in where[:-1]:
            parent = parent[step]
        if isinstance(where[-1], str) and where != ("kind",):
            parent[where[-1] + "x"] = parent.pop(where[-1])
            yield where, changed


class ManifestsTest(unittest.TestCase):

    def test_every_document_fits_the_api(self):
        for directory in EVERYTHING:
            with self.subTest(directory):
                documents = manifests.build(directory)
                self.assertEqual(manifests.schema_errors(documents), [[] for _ in documents])

    def test_every_misspelled_key_is_found(self):
        documents = {str(document): document for directory in EVERYTHING for document in manifests.build(directory)}
        wrong = [case for document in documents.values() for case in misspelled(document)]
        self.assertGreater(len(wrong), 200)
        errors = manifests.schema_errors([document for _, document in wrong])
        self.assertEqual([where for (where, _), found in zip(wrong, errors) if not found], [])

    def test_value_of_another_type_is_found(self):
        documents = manifests.build(manifests.BASE)
        manifests.container(documents)["securityContext"]["readOnlyRootFilesystem"] = "yes"
        self.assertTrue(any(manifests.schema_errors(documents)))

    def _check(self, check, breakages):
        """The check is content with everything we have, and with nothing that `breakages` make of the pod monitor's."""
        for directory in EVERYTHING:
            with self.subTest(directory):
                self.assertEqual(check(manifests.build(directory)), [])
        for breakage in breakages:
            documents = manifests.build(f"{manifests.ROOT}/overlays/pod-monitor")
            breakage(documents)
            self.assertEqual(len(check(documents)), 1)

    def test_selectors_select_the_pods(self):
        def with_typo(labels):
            labels["app.kubernetes.io/name"] = "mqueue-exportr"
        self._check(manifests.selector_errors, [
            lambda documents: with_typo(manifests.daemon_set(documents)["spec"]["selector"]["matchLabels"]),
            lambda documents: with_typo(
                manifests.of_kind(documents, "NetworkPolicy")[0]["spec"]["podSelector"]["matchLabels"]),
            lambda documents: with_typo(
                manifests.of_kind(documents, "PodMonitor")[0]["spec"]["selector"]["matchLabels"])])

    def test_ports_are_those_of_the_container(self):
        def with_typo(port):
            port["port"] = "metric"
        self._check(manifests.port_errors, [
            lambda documents: with_typo(manifests.container(documents)["livenessProbe"]["httpGet"]),
            lambda documents: with_typo(
                manifests.of_kind(documents, "NetworkPolicy")[0]["spec"]["ingress"][0]["ports"][0]),
            lambda documents: with_typo(
                manifests.of_kind(documents, "PodMonitor")[0]["spec"]["podMetricsEndpoints"][0])])

    def test_references_lead_somewhere(self):
        def rename(documents, key, name):
            manifests.pod(documents)[key] = name
        self._check(manifests.reference_errors, [
            lambda documents: rename(documents, "serviceAccountName", "mqueue-exportr"),
            lambda documents: rename(documents, "priorityClassName", "mqueue-exportr"),
            lambda documents: manifests.pod(documents)["volumes"][0]["configMap"].update(name="mqueue-exporter"),
            lambda documents: manifests.container(documents)["volumeMounts"].clear()])

    def test_secret_that_the_user_makes_is_the_one_that_is_mounted(self):
        documents = manifests.build(WEB_CONFIG)
        volume = next(volume for volume in manifests.pod(documents)["volumes"] if "secret" in volume)
        with open(f"{WEB_CONFIG}/kustomization.yaml", encoding="utf-8") as file:
            told = file.read()
        self.assertIn(f"create secret generic {volume['secret']['secretName']} ", told)
        self.assertIn("--from-file=web.yml ", told)
        mount = next(mount for mount in manifests.container(documents)["volumeMounts"] if mount["name"] == volume["name"])
        self.assertIn(f"--web.config.file={mount['mountPath']}/web.yml", manifests.container(documents)["args"])
        volume["secret"]["secretName"] = "mqueue-exporter-wbe"
        self.assertEqual(manifests.reference_errors(documents), ["no Secret mqueue-exporter-wbe"])

    def test_kubelet_that_cannot_log_in_asks_for_the_port_alone(self):
        probes = manifests.probes(manifests.build(WEB_CONFIG))
        self.assertEqual(len(probes), 3)
        for probe in probes.values():
            self.assertEqual(probe["tcpSocket"], {"port": "metrics"})
            self.assertNotIn("httpGet", probe)

    def test_paths_are_those_of_the_exporter(self):
        with Exporter() as exporter:
            for directory in EVERYTHING:
                for path in manifests.scraped_paths(manifests.build(directory)):
                    self.assertEqual(exporter.get(path).status, 200, path)
            self.assertEqual(exporter.get("/-/health").status, 404)

    def test_flags_and_configuration_are_accepted(self):
        for directory in EVERYTHING:
            documents = manifests.build(directory)
            flags = manifests.container(documents)["args"]
            mounts = {mount["name"]: mount["mountPath"] for mount in manifests.container(documents)["volumeMounts"]}
            where = mounts["config"] + "/mqueue_exporter.yml"
            text = manifests.of_kind(documents, "ConfigMap")[0]["data"]["mqueue_exporter.yml"]
            self.assertIn(f"--config.file={where}", flags)
            with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                # That of the web configuration is checked in image_test.py: it takes a certificate.
                flags = [flag.replace(where, file.name) for flag in flags if "--web.config.file" not in flag]
                checked = subprocess.run([os.environ["EXPORTER"], *flags, "--config.check"], capture_output=True,
                                         text=True, check=False)
            self.assertEqual((checked.returncode, checked.stderr), (0, ""))

    def test_pod_monitor_gives_the_names_that_rules_and_dashboards_go_by(self):
        monitor = manifests.of_kind(manifests.build(f"{manifests.ROOT}/overlays/pod-monitor"), "PodMonitor")[0]
        relabelings = monitor["spec"]["podMetricsEndpoints"][0]["relabelings"]
        with open("deploy/prometheus/prometheus.yml", encoding="utf-8") as file:
            self.assertIn("job_name: mqueue\n", file.read())
        self.assertIn({"targetLabel": "job", "replacement": "mqueue"}, relabelings)

    def test_containers_get_no_more_than_their_comments_say(self):
        added = {directory: set(manifests.container(manifests.build(directory))["securityContext"]["capabilities"]["add"])
                 for directory in EVERYTHING}
        self.assertEqual(added, {
            manifests.BASE: {"BPF", "PERFMON"},
            f"{manifests.ROOT}/overlays/no-ebpf": {"DAC_READ_SEARCH", "IPC_OWNER"},
            f"{manifests.ROOT}/overlays/patched-kernel": {"BPF", "PERFMON", "DAC_READ_SEARCH"},
            f"{manifests.ROOT}/overlays/pod-monitor": {"BPF", "PERFMON"},
            f"{manifests.ROOT}/overlays/web-config": {"BPF", "PERFMON"}})
        for directory in EVERYTHING:
            context = manifests.container(manifests.build(directory))["securityContext"]
            self.assertEqual(context["capabilities"]["drop"], ["ALL"])
            self.assertNotIn("privileged", context)
            self.assertTrue(manifests.pod(manifests.build(directory))["securityContext"]["runAsNonRoot"])


if __name__ == "__main__":
    main()
