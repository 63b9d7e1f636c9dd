"""Certificates of a test's own, made by openssl(1)."""

import os
import ssl
import subprocess
import tempfile
from typing import NamedTuple


RSA = ("rsa:2048",)
P256 = ("ec", "-pkeyopt", "ec_paramgen_curve:P-256")


class Certificate(NamedTuple):
    """The paths of a certificate and its key."""
    file: str
    key: str

    def text(self):
        with open(self.file, encoding="ascii") as file:
            return file.read()

    def fingerprint(self):
        return ssl.PEM_cert_to_DER_cert(self.text())


def _openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Authority:
    """A CA, in a directory that is gone with it."""

    def __init__(self):
        self._directory = tempfile.TemporaryDirectory()
        os.chmod(self._directory.name, 0o755)
        self.own = self._paths("ca")
        _openssl("req", "-x509", *self._new_key(self.own, RSA), "-out", self.own.file, "-days", "2", "-subj", "/CN=ca")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._directory.cleanup()

    def issue(self, name, *alternative_names, days=2, key=RSA):
        """A certificate with these names, such as "DNS:localhost"; with `days` below 0, one that has expired."""
        made = self._paths(name)
        request, extensions = self._path(f"{name}.csr"), self._path(f"{name}.ext")
        _openssl("req", "-new", *self._new_key(made, key), "-out", request, "-subj", f"/CN={name}")
        with open(extensions, "w", encoding="ascii") as file:
            file.write(f"subjectAltName={','.join(alternative_names)}\n" if alternative_names else "")
        _openssl("x509", "-req", "-in", request, "-CA", self.own.file, "-CAkey", self.own.key, "-CAcreateserial",
                 "-extfile", extensions, "-days", str(days), "-out", made.file)
        os.chmod(made.key, 0o644)
        return made

    def client(self, certificate=None):
        """What Python's clients trust this CA with, and show that certificate."""
        context = ssl.create_default_context(cafile=self.own.file)
        if certificate:
            context.load_cert_chain(certificate.file, certificate.key)
        return context

    def _path(self, name):
        return os.path.join(self._directory.name, name)

    def _paths(self, name):
        return Certificate(self._path(f"{name}.crt"), self._path(f"{name}.key"))

    @staticmethod
    def _new_key(made, kind):
        return ["-newkey", *kind, "-nodes", "-keyout", made.key]
