"""The Kubernetes manifests as kubectl builds them, and what is wrong with them: each check gives a list of complaints."""

import json
import os
import subprocess

import yaml

ROOT = "deploy/kubernetes"
BASE = f"{ROOT}/base"
# What the head of an overlay's kustomization.yaml tells how to make.
MADE_BY_THE_USER = {("Secret", "mqueue-exporter-web")}
OVERLAYS = sorted(f"{ROOT}/overlays/{name}" for name in os.listdir(f"{ROOT}/overlays"))


def build(directory):
    """The documents of a base or an overlay."""
    built = subprocess.run(["kubectl", "kustomize", directory], capture_output=True, text=True, check=True)
    assert built.stderr == "", built.stderr
    return list(yaml.safe_load_all(built.stdout))


def of_kind(documents, kind):
    return [document for document in documents if document["kind"] == kind]


def daemon_set(documents):
    return of_kind(documents, "DaemonSet")[0]


def pod(documents):
    return daemon_set(documents)["spec"]["template"]["spec"]


def container(documents):
    return pod(documents)["containers"][0]


def schema_errors(documents):
    """For each document, what the API's types do not allow."""
    done = subprocess.run(["node", "test/deploy/manifests/validate.mjs"], input=json.dumps(documents),
                          capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def selector_errors(documents):
    """Selectors that select no pod of the DaemonSet."""
    labels = daemon_set(documents)["spec"]["template"]["metadata"]["labels"].items()
    selectors = {"DaemonSet": daemon_set(documents)["spec"]["selector"]["matchLabels"]}
    for policy in of_kind(documents, "NetworkPolicy"):
        selectors["NetworkPolicy"] = policy["spec"]["podSelector"].get("matchLabels", {})
    for monitor in of_kind(documents, "PodMonitor"):
        selectors["PodMonitor"] = monitor["spec"]["selector"].get("matchLabels", {})
    return [f"{kind} selects {selector}" for kind, selector in selectors.items()
            if not selector or not selector.items() <= labels]


def port_errors(documents):
    """Names of ports that the container does not have."""
    names = {port["name"] for port in container(documents)["ports"]}
    used = {name: (probe.get("httpGet") or probe["tcpSocket"])["port"] for name, probe in probes(documents).items()}
    for policy in of_kind(documents, "NetworkPolicy"):
        for rule in policy["spec"]["ingress"]:
            used |= {"NetworkPolicy": port["port"] for port in rule["ports"]}
    for monitor in of_kind(documents, "PodMonitor"):
        used |= {"PodMonitor": endpoint["port"] for endpoint in monitor["spec"]["podMetricsEndpoints"]}
    return [f"{user} names port {port}" for user, port in used.items() if port not in names]


def reference_errors(documents):
    """Names of objects and volumes that are not there."""
    names = {(document["kind"], document["metadata"]["name"]) for document in documents}
    spec = pod(documents)
    wanted = {("ServiceAccount", spec["serviceAccountName"]), ("PriorityClass", spec["priorityClassName"])}
    wanted |= {("ConfigMap", volume["configMap"]["name"]) for volume in spec["volumes"] if "configMap" in volume}
    wanted |= {("Secret", volume["secret"]["secretName"]) for volume in spec["volumes"] if "secret" in volume}
    wanted -= MADE_BY_THE_USER
    volumes = {volume["name"] for volume in spec["volumes"]}
    mounted = {mount["name"] for mount in container(documents)["volumeMounts"]}
    return ([f"no {kind} {name}" for kind, name in sorted(wanted - names)] +
            [f"no volume {name}" for name in sorted(mounted - volumes)] +
            [f"volume {name} is not mounted" for name in sorted(volumes - mounted)])


def probes(documents):
    return {name: value for name, value in container(documents).items() if name.endswith("Probe")}


def scraped_paths(documents):
    """Every path that a probe or a Prometheus asks for."""
    paths = {probe["httpGet"]["path"] for probe in probes(documents).values() if "httpGet" in probe}
    paths.add(daemon_set(documents)["spec"]["template"]["metadata"]["annotations"]["prometheus.io/path"])
    for monitor in of_kind(documents, "PodMonitor"):
        paths |= {endpoint["path"] for endpoint in monitor["spec"]["podMetricsEndpoints"]}
    return paths
