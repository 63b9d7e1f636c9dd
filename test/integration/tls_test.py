"""TLS as the web configuration says, seen by curl and openssl s_client."""

import contextlib
import http.client
import os
import re
import shutil
import ssl
import subprocess
import tempfile
import unittest

from support.certificates import P256, Authority
from support.exporter import BINARY, PORT, Exporter
from support.runner import main
from support.waiting import wait_for

NAMES = ("DNS:localhost", "IP:127.0.0.1")
URL = f"https://127.0.0.1:{PORT}/-/ready"
# What curl says when no TLS comes about: at the handshake, when the server's alert is there before the answer, or when
# that is about a certificate.
REFUSED = {35, 56, 60}


def curl(authority, *arguments):
    """Its exit status and, of an answer, the HTTP status."""
    result = subprocess.run(["curl", "--silent", "--max-time", "60", "--cacert", authority.own.file, "--output", os.devnull,
                             "--write-out", "%{http_code}", *arguments, URL], check=False, capture_output=True, text=True)
    return result.returncode, int(result.stdout)


def s_client(*arguments):
    """What openssl says of a connection."""
    return subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{PORT}", *arguments], check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60).stdout


def served(authority):
    """The certificate that a new client is shown."""
    with contextlib.closing(Exporter.connect(_Port(authority))) as connection:
        connection.connect()
        return connection.sock.getpeercert(binary_form=True)


def reloaded(exporter):
    """1 when the files are in force as they are, 0 when not."""
    return exporter.scrape().value("mqueue_exporter_web_config_last_reload_successful")


class _Port:
    """As much of an exporter as a connection takes."""

    def __init__(self, authority):
        self.client = authority.client()


def web(server, **settings):
    """A web configuration for TLS."""
    listed = {"cert_file": server.file, "key_file": server.key, **settings}
    return "tls_server_config:\n" + "".join(f"  {key}: {value}\n" for key, value in listed.items())


class TlsTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.authority = cls.enterClassContext(Authority())
        cls.server = cls.authority.issue("server", *NAMES)

    def _exporter(self, authority=None, **settings):
        return Exporter(web=web(self.server, **settings), client=(authority or self.authority).client(self.trusted))

    trusted = None

    def _curl(self, *arguments):
        return curl(self.authority, *arguments)

    def _curl_version(self, version):
        return self._curl(f"--tlsv{version}", "--tls-max", version, "--ciphers", "DEFAULT@SECLEVEL=0")

    def test_metrics_come_by_tls(self):
        with self._exporter() as exporter:
            self.assertTrue(exporter.scrape().series("mqueue_exporter_build_info"))
            self.assertEqual(self._curl(), (0, 200))
            self.assertEqual(exporter.stop(), 0)

    def test_client_without_tls_is_told(self):
        with self._exporter() as exporter:
            exporter.client = None
            answer = exporter.get("/metrics")
        self.assertEqual(answer.status, 400)
        self.assertIn("https", answer.text)

    def test_versions_are_those_of_the_default(self):
        with self._exporter():
            for version, status in (("1.0", 35), ("1.1", 35), ("1.2", 0), ("1.3", 0)):
                with self.subTest(version):
                    self.assertEqual(self._curl_version(version)[0], status)

    def test_versions_can_be_chosen(self):
        for least, most, allowed in (("TLS10", "TLS11", {"1.0", "1.1"}), ("TLS13", "TLS13", {"1.3"}),
                                     ("TLS12", "TLS12", {"1.2"})):
            client = self.authority.client()
            client.options &= ~(ssl.OP_NO_TLSv1 | ssl.OP_NO_TLSv1_1)
            client.set_ciphers("DEFAULT:@SECLEVEL=0")
            with Exporter(web=web(self.server, min_version=least, max_version=most), client=client):
                found = {version for version in ("1.0", "1.1", "1.2", "1.3") if self._curl_version(version) == (0, 200)}
            self.assertEqual(found, allowed)

    def test_cipher_suites_and_curves_can_be_chosen(self):
        with self._exporter(cipher_suites="[TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384]", curve_preferences="[CurveP384]"):
            shown = s_client("-tls1_2")
            self.assertRegex(shown, "Cipher is ECDHE-RSA-AES256-GCM-SHA384")
            self.assertRegex(shown, "Server Temp Key: ECDH, secp384r1")
            self.assertRegex(s_client("-tls1_3"), "Server Temp Key: ECDH, secp384r1")
            self.assertRegex(s_client("-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"), r"Cipher is \(NONE\)")
            self.assertRegex(s_client("-tls1_3", "-groups", "X25519"), r"Cipher is \(NONE\)")

    def test_suites_of_tls13_alone_leave_no_tls12(self):
        with self._exporter(cipher_suites="[TLS_AES_128_GCM_SHA256]"):
            self.assertEqual(self._curl_version("1.3"), (0, 200))
            self.assertEqual(self._curl_version("1.2")[0], 35)

    def test_no_session_is_resumed(self):
        with self._exporter(), tempfile.TemporaryDirectory() as directory:
            for version in ("-tls1_2", "-tls1_3"):
                session = f"{directory}/session"
                s_client(version, "-sess_out", session)
                self.assertNotIn("Reused, ", s_client(version, "-sess_in", session) if os.path.exists(session) else "")

    def test_certificate_and_key_may_stand_in_the_file(self):
        def indented(path):
            with open(path, encoding="ascii") as file:
                return "|\n" + re.sub("^", "    ", file.read(), flags=re.MULTILINE)
        text = f"tls_server_config:\n  cert: {indented(self.server.file)}\n  key: {indented(self.server.key)}\n"
        with Exporter(web=text, client=self.authority.client()):
            self.assertEqual(self._curl(), (0, 200))


class ClientCertificateTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.authority = cls.enterClassContext(Authority())
        cls.stranger = cls.enterClassContext(Authority())
        cls.server = cls.authority.issue("server", *NAMES)
        cls.right = cls.authority.issue("right", "DNS:prometheus.example")
        cls.nameless = cls.authority.issue("nameless")
        cls.expired = cls.authority.issue("expired", "DNS:prometheus.example", days=-1)
        cls.foreign = cls.stranger.issue("foreign", "DNS:prometheus.example")

    def _exporter(self, auth, **settings):
        text = web(self.server, client_auth_type=auth, **settings)
        return Exporter(web=text, client=self.authority.client(self.right))

    def _verifying(self, auth="RequireAndVerifyClientCert", **settings):
        return self._exporter(auth, client_ca_file=self.authority.own.file, **settings)

    def _is_served(self, certificate=None):
        shown = ["--cert", certificate.file, "--key", certificate.key] if certificate else []
        status, answer = curl(self.authority, *shown)
        if status != 0:
            self.assertIn(status, REFUSED)
        return status == 0 and answer == 200

    def test_verified_client_is_served_and_no_other(self):
        with self._verifying() as exporter:
            self.assertTrue(self._is_served(self.right))
            self.assertTrue(self._is_served(self.nameless))
            for other in (None, self.expired, self.foreign):
                self.assertFalse(self._is_served(other))
            self.assertEqual(exporter.get("/-/ready").status, 200)

    def test_tls12_refuses_the_same(self):
        with self._verifying(max_version="TLS12"):
            self.assertTrue(self._is_served(self.right))
            for other in (None, self.expired, self.foreign):
                self.assertFalse(self._is_served(other))

    def test_name_decides_where_names_are_given(self):
        with self._verifying(client_allowed_sans="[other.example, prometheus.example]"):
            self.assertTrue(self._is_served(self.right))
            for other in (None, self.nameless, self.expired, self.foreign):
                self.assertFalse(self._is_served(other))
        with self._verifying(client_allowed_sans="[prometheus.example]") as exporter:
            exporter.change_web(web(self.server, client_auth_type="RequireAndVerifyClientCert",
                                    client_ca_file=self.authority.own.file, client_allowed_sans="[example]"))
            self.assertFalse(self._is_served(self.right))

    def test_name_may_be_of_any_kind(self):
        for number, (kind, name, spelled) in enumerate((
                ("IP", "192.0.2.7", "192.0.2.7"), ("IP", "2001:db8::1", "'2001:DB8:0::1'"),
                ("email", "sre@example.org", "sre@example.org"), ("URI", "spiffe://example.org/prometheus",
                                                                  "spiffe://example.org/prometheus"))):
            named = self.authority.issue(f"named{number}", f"{kind}:{name}")
            with Exporter(web=web(self.server, client_auth_type="RequireAndVerifyClientCert",
                                  client_ca_file=self.authority.own.file, client_allowed_sans=f"[{spelled}]"),
                          client=self.authority.client(named)):
                self.assertTrue(self._is_served(named))
                self.assertFalse(self._is_served(self.right))

    def test_certificate_that_is_not_required_is_verified_if_given(self):
        with self._verifying("VerifyClientCertIfGiven"):
            self.assertTrue(self._is_served())
            self.assertTrue(self._is_served(self.right))
            self.assertFalse(self._is_served(self.foreign))

    def test_any_certificate_serves_where_none_is_verified(self):
        with self._exporter("RequireAnyClientCert"):
            self.assertFalse(self._is_served())
            self.assertTrue(self._is_served(self.foreign))
        with self._exporter("RequestClientCert"):
            self.assertTrue(self._is_served())
            self.assertTrue(self._is_served(self.foreign))


class ReplacementTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.authority = cls.enterClassContext(Authority())
        cls.old = cls.authority.issue("old", *NAMES)
        cls.new = cls.authority.issue("new", *NAMES)

    def setUp(self):
        self.directory = self.enterContext(tempfile.TemporaryDirectory())

    def _path(self, name):
        return os.path.join(self.directory, name)

    def _exporter(self, certificate="tls.crt", key="tls.key"):
        text = f"tls_server_config: {{cert_file: {self._path(certificate)}, key_file: {self._path(key)}}}\n"
        return Exporter(web=text, client=self.authority.client())

    def _check(self, replace, **files):
        with self._exporter(**files) as exporter, contextlib.closing(exporter.connect()) as open_before:
            self.assertTrue(exporter.scrape_over(open_before).samples)
            self.assertEqual(served(self.authority), self.old.fingerprint())
            replace(exporter)
            wait_for(lambda: served(self.authority) == self.new.fingerprint(), "the new certificate")
            # The connection of before is neither dropped nor spoken to by anything new.
            self.assertTrue(exporter.scrape_over(open_before).samples)
            self.assertEqual(open_before.sock.getpeercert(binary_form=True), self.old.fingerprint())
            self.assertEqual(reloaded(exporter), 1)
            self.assertNotIn("level=error", exporter.log())

    def _lay(self, directory, certificate):
        """The files of a version of the certificate, in a directory of their own."""
        os.makedirs(self._path(directory))
        shutil.copy(certificate.file, self._path(f"{directory}/tls.crt"))
        shutil.copy(certificate.key, self._path(f"{directory}/tls.key"))

    def _link(self, target, name):
        """Makes the link, or has it lead elsewhere, in one step."""
        os.symlink(target, self._path(f"{name}.new"))
        os.rename(self._path(f"{name}.new"), self._path(name))

    def _copy(self, certificate, suffix=""):
        shutil.copy(certificate.file, self._path(f"tls.crt{suffix}"))
        shutil.copy(certificate.key, self._path(f"tls.key{suffix}"))

    def test_files_that_are_written_over(self):
        self._copy(self.old)
        self._check(lambda exporter: self._copy(self.new))

    def test_files_that_are_renamed_over(self):
        def replace(_):
            self._copy(self.new, ".new")
            for name in ("tls.crt", "tls.key"):
                os.rename(self._path(f"{name}.new"), self._path(name))
        self._copy(self.old)
        self._check(replace)

    def test_files_of_a_mounted_secret(self):
        # As the kubelet lays them out: links through a link, which is replaced.
        def lay(number, certificate):
            os.mkdir(self._path(f"..{number}"))
            shutil.copy(certificate.file, self._path(f"..{number}/tls.crt"))
            shutil.copy(certificate.key, self._path(f"..{number}/tls.key"))
            os.symlink(f"..{number}", self._path("..data_tmp"))
            os.rename(self._path("..data_tmp"), self._path("..data"))
        lay(1, self.old)
        for name in ("tls.crt", "tls.key"):
            os.symlink(f"..data/{name}", self._path(name))
        self._check(lambda exporter: (lay(2, self.new), shutil.rmtree(self._path("..1"))))

    def test_directory_behind_a_link(self):
        # The web configuration lies elsewhere, and the exporter is confined to the files that it needs.
        self._lay("v1", self.old)
        self._link("v1", "current")
        def replace(exporter):
            self.assertNotIn("no Landlock", exporter.log())
            self._lay("v2", self.new)
            self._link(self._path("v2"), "current")
            shutil.rmtree(self._path("v1"))
        self._check(replace, certificate="current/tls.crt", key="current/tls.key")

    def test_directory_behind_a_link_that_lies_elsewhere(self):
        self._lay("versions/1", self.old)
        os.mkdir(self._path("x"))
        self._link(self._path("versions/1"), "x/current")
        def replace(_):
            self._lay("versions/2", self.new)
            self._link("../versions/2", "x/current")
        self._check(replace, certificate="x/current/tls.crt", key="x/current/tls.key")

    def test_files_of_certbot(self):
        def lay(number, certificate):
            for name, file in (("cert", certificate.file), ("key", certificate.key)):
                shutil.copy(file, self._path(f"archive/{name}{number}.pem"))
                self._link(f"../archive/{name}{number}.pem", f"live/{name}.pem")
        os.mkdir(self._path("archive"))
        os.mkdir(self._path("live"))
        lay(1, self.old)
        self._check(lambda exporter: lay(2, self.new), certificate="live/cert.pem", key="live/key.pem")

    def test_link_that_leads_nowhere_leaves_the_old_certificate_in_use(self):
        self._lay("v1", self.old)
        self._link("v1", "current")
        with self._exporter("current/tls.crt", "current/tls.key") as exporter:
            self._link("absent", "current")
            wait_for(lambda: reloaded(exporter) == 0, "a failed reload")
            self.assertEqual(served(self.authority), self.old.fingerprint())
            self.assertRegex(exporter.log(), "level=error .*previous one stays in use.*current/tls.crt: cannot be read")
            self._link("v1", "current")
            wait_for(lambda: reloaded(exporter) == 1, "the repaired link")

    def test_key_of_another_certificate_is_told_until_it_is_right(self):
        self._copy(self.old)
        with self._exporter() as exporter:
            shutil.copy(self.new.key, self._path("tls.key"))
            wait_for(lambda: reloaded(exporter) == 0, "a failed reload")
            self.assertEqual(served(self.authority), self.old.fingerprint())
            self.assertRegex(exporter.log(), "key_file: .*give the certificate's private key")
            shutil.copy(self.new.file, self._path("tls.crt"))
            wait_for(lambda: served(self.authority) == self.new.fingerprint(), "the new certificate")
            wait_for(lambda: reloaded(exporter) == 1, "the metric")


class StrengtheningTest(unittest.TestCase):

    def test_connection_that_began_under_weaker_rules_is_closed_at_its_next_request(self):
        with Authority() as authority, contextlib.ExitStack() as stack:
            server, own = authority.issue("server", *NAMES), authority.issue("own")
            exporter = stack.enter_context(Exporter(web=""))
            # Where the exporter may read after its start.
            directory = exporter.directory.name
            server = server._replace(file=shutil.copy(server.file, directory), key=shutil.copy(server.key, directory))
            ca = shutil.copy(authority.own.file, directory)
            def open_one():
                connection = stack.enter_context(contextlib.closing(exporter.connect()))
                self.assertTrue(exporter.scrape_over(connection).samples)
                # Otherwise Python's client would connect again.
                connection.auto_open = 0
                return connection
            plain = open_one()
            exporter.change_web(web(server))
            exporter.client = authority.client()
            anonymous = open_one()
            with self.assertRaises((OSError, http.client.HTTPException)):
                exporter.scrape_over(plain)
            exporter.change_web(web(server, client_auth_type="RequireAndVerifyClientCert", client_ca_file=ca))
            with self.assertRaises((OSError, http.client.HTTPException)):
                exporter.scrape_over(anonymous)
            exporter.client = authority.client(own)
            self.assertTrue(exporter.scrape().samples)


class WeakeningTest(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.authority = cls.enterClassContext(Authority())
        cls.server = cls.authority.issue("server", *NAMES)
        cls.own = cls.authority.issue("own")

    def test_tls_is_never_turned_off_at_run_time(self):
        text = web(self.server)
        with Exporter(web=text, client=self.authority.client()) as exporter:
            exporter.change_web("")
            self.assertEqual(exporter.get("/metrics").status, 500)
            exporter.reload()
            wait_for(lambda: exporter.log().count("web configuration refused") == 2, "the answer to the signal")
            self.assertEqual(exporter.log().count("restart the exporter"), 2)
            self.assertEqual(exporter.get("/metrics").status, 500)
            exporter.client = None
            self.assertEqual(exporter.get("/metrics").status, 400)
            exporter.client = self.authority.client()
            exporter.change_web(text)
            self.assertEqual(exporter.get("/-/ready").status, 200)

    def test_client_certificate_stays_required(self):
        required = web(self.server, client_auth_type="RequireAndVerifyClientCert", client_ca_file=self.authority.own.file)
        with Exporter(web=required, client=self.authority.client(self.own)) as exporter:
            for weaker in (web(self.server), web(self.server, client_auth_type="RequireAnyClientCert"),
                           web(self.server, client_auth_type="VerifyClientCertIfGiven",
                               client_ca_file=self.authority.own.file)):
                exporter.change_web(weaker)
                self.assertEqual(exporter.get("/-/ready").status, 500)
                self.assertIn(curl(self.authority)[0], REFUSED)
                self.assertRegex(exporter.log(), "level=error .*client_auth_type")
            exporter.reload()
            wait_for(lambda: curl(self.authority) == (0, 200), "a confirmed reload")
            self.assertRegex(exporter.log(), 'level=warn.* weakened="client_auth_type"')


class BrokenFilesTest(unittest.TestCase):

    def test_exporter_does_not_start_with_what_is_no_certificate(self):
        with Authority() as authority, tempfile.TemporaryDirectory() as directory:
            server = authority.issue("server", *NAMES)
            other = authority.issue("other", *NAMES)
            elliptic = authority.issue("elliptic", *NAMES, key=P256)
            file = f"{directory}/web.yml"
            for text, error in ((web(server._replace(key=other.key)), "key_file: .*give the certificate's private key"),
                                (web(server._replace(key=elliptic.key)), "key_file: is not the key of the certificate"),
                                (web(server._replace(file=server.key)), "cert_file: .*give a certificate in PEM"),
                                (web(server._replace(key=server.file)), "key_file: .*private key in PEM"),
                                (web(server._replace(file="/absent")), "cert_file: /absent: cannot be read"),
                                (web(server, client_auth_type="RequireAndVerifyClientCert", client_ca_file=server.key),
                                 "client_ca_file: .*certificates of CAs")):
                with open(file, "w", encoding="utf-8") as config:
                    config.write(text)
                for check in ([], ["--config.check"]):
                    result = subprocess.run([BINARY, f"--web.config.file={file}", *check], check=False,
                                            capture_output=True, text=True, timeout=60)
                    self.assertEqual(result.returncode, 1)
                    self.assertRegex(result.stderr, error)


if __name__ == "__main__":
    main()
