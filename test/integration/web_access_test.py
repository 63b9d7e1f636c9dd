"""Logins, rate limit and header fields as the web configuration says, without TLS."""

import base64
import collections
import contextlib
import os
import shutil
import signal
import subprocess
import threading
import unittest

from support.exporter import BINARY, Exporter
from support.runner import main
from support.waiting import wait_for

# Of "correct horse" and "battery staple", at the least cost; of "correct horse" at 8, some hundredths of a second; and one of
# the highest cost, which takes more than a day.
CORRECT_HORSE = "$2y$04$PjV5KJSwL1.vAang4Q6Mxe0op48VfgevKofH5Hbt5Z0Pb048G8CDS"
BATTERY_STAPLE = "$2y$04$UudifxSFMlvdKCGEApJnPua8AqJlOGiC3vOLBjaKziW1iyNIg2z.2"
SLOW_CORRECT_HORSE = "$2y$08$B4rWjfYLWGYjH77jv6EzCeFmXEs8OHxTim2GwTESQl6XL.PqOq0X2"
SLOWEST = "$2y$31$tmzLbnkXXB6s85qhmOeh9ewldljG1bAbOkUkwGI2blvl6fEUzWo8e"
ALICE = f"basic_auth_users: {{alice: {CORRECT_HORSE}}}\n"


def login(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


RIGHT = login("alice", "correct horse")


def status(exporter, authorization=None, path="/metrics"):
    return exporter.get(path, {"Authorization": authorization} if authorization else {}).status


class LoginTest(unittest.TestCase):

    def test_who_is_in_the_file_is_served_and_nobody_else(self):
        with Exporter(web=ALICE, login=RIGHT) as exporter:
            exporter.login = None
            for path in ("/metrics", "/", "/-/healthy", "/-/ready", "/-/reload", "/absent"):
                self.assertEqual(status(exporter, path=path), 401)
            for _ in range(2):
                self.assertEqual(status(exporter, RIGHT), 200)
                for wrong in (login("alice", "battery staple"), login("alice", ""), login("bob", "correct horse"),
                              login("", "correct horse"), login("Alice", "correct horse"),
                              login("alice", "correct horse\0"), login("alice", "correct horse "),
                              "Bearer " + RIGHT.split()[1], "Basic", "Basic ", "Basic ====", "Basic " + "QQ" * 3000,
                              RIGHT[:-1], RIGHT + ", " + RIGHT, RIGHT.replace(" ", "")):
                    self.assertEqual(status(exporter, wrong), 401, wrong)
            self.assertEqual(status(exporter, RIGHT.replace("Basic", "bAsIc ")), 200)

    def test_answer_asks_for_a_login(self):
        with Exporter(web=ALICE, login=RIGHT) as exporter:
            exporter.login = None
            self.assertRegex(exporter.get("/metrics").getheader("WWW-Authenticate"), '^Basic realm="')

    def test_password_holds_for_one_user_alone(self):
        users = f"basic_auth_users: {{alice: {CORRECT_HORSE}, bob: {BATTERY_STAPLE}}}\n"
        with Exporter(web=users, login=RIGHT) as exporter:
            self.assertEqual(status(exporter, login("bob", "battery staple")), 200)
            for user, password in (("alice", "battery staple"), ("bob", "correct horse"), ("carol", "correct horse"),
                                   ("carol", "battery staple")):
                self.assertEqual(status(exporter, login(user, password)), 401)

    def test_change_of_the_file_holds_for_open_connections_too(self):
        with Exporter(web=ALICE, login=RIGHT) as exporter, contextlib.closing(exporter.connect()) as connection:
            def ask(password):
                connection.request("GET", "/metrics", headers={"Authorization": login("alice", password)})
                answer = connection.getresponse()
                answer.read()
                return answer.status
            self.assertEqual(ask("correct horse"), 200)
            exporter.change_web(f"basic_auth_users: {{alice: {BATTERY_STAPLE}}}\n")
            self.assertEqual(ask("correct horse"), 401)
            self.assertEqual(ask("battery staple"), 200)
            exporter.change_web(f"basic_auth_users: {{bob: {BATTERY_STAPLE}}}\n")
            self.assertEqual(ask("battery staple"), 401)

    def test_only_so_many_passwords_wait_to_be_checked(self):
        users = f"basic_auth_users: {{alice: {SLOW_CORRECT_HORSE}}}\n"
        with Exporter(web=users, login=RIGHT) as exporter:
            answers = []
            clients = [threading.Thread(target=lambda: answers.append(status(exporter, login("alice", "wrong"))))
                       for _ in range(150)]
            # All of them are there when it goes on.
            os.kill(exporter.process.pid, signal.SIGSTOP)
            for client in clients:
                client.start()
            os.kill(exporter.process.pid, signal.SIGCONT)
            # Who is known needs no check.
            self.assertEqual(status(exporter, RIGHT), 200)
            for client in clients:
                client.join()
            self.assertEqual(set(answers), {401, 503})
            self.assertEqual(exporter.stop(), 0)

    def test_exporter_stops_while_passwords_are_checked(self):
        with contextlib.ExitStack() as stack:
            users = f"basic_auth_users: {{alice: {CORRECT_HORSE}, bob: {SLOWEST}}}\n"
            exporter = stack.enter_context(Exporter(web=users, login=RIGHT))
            clients = [stack.enter_context(contextlib.closing(exporter.connect())) for _ in range(60)]
            for client in clients:
                client.request("GET", "/", headers={"Authorization": login("bob", "wrong")})
            self.assertEqual(exporter.stop(), 0)
            # It ended in good order, and waited for no check.
            with self.assertRaises(OSError):
                clients[-1].getresponse()

    def test_no_password_is_in_the_log(self):
        with Exporter(web=ALICE, login=RIGHT, flags=["--log.level=debug"]) as exporter:
            status(exporter, login("alice", "wrongpassword"))
            for secret in ("wrongpassword", "correct horse", RIGHT.split()[1], CORRECT_HORSE):
                self.assertNotIn(secret, exporter.log())


class RateLimitTest(unittest.TestCase):

    def test_requests_beyond_the_limit_are_refused_before_their_login_is_looked_at(self):
        with Exporter(web=ALICE, login=RIGHT) as exporter:
            exporter.change_web(ALICE + "rate_limit: {interval: 1h, burst: 3}\n")
            self.assertEqual([status(exporter, RIGHT) for _ in range(5)], [200, 200, 200, 429, 429])
            self.assertEqual(status(exporter, login("alice", "wrong")), 429)
            # A change of anything else gives no token back.
            exporter.change_web(f"basic_auth_users: {{alice: {BATTERY_STAPLE}}}\nrate_limit: {{interval: 1h, burst: 3}}\n")
            self.assertEqual(status(exporter, RIGHT), 429)
            exporter.change_web(ALICE + "rate_limit: {interval: 1h, burst: 1}\n")
            self.assertEqual(status(exporter, login("alice", "wrong")), 401)
            self.assertEqual(status(exporter, RIGHT), 429)


class WeakeningTest(unittest.TestCase):

    def _exporter(self, web=ALICE, flags=()):
        """One that is ready, and asked without a login from then on."""
        exporter = self.enterContext(Exporter(web=web, login=RIGHT, flags=flags))
        exporter.login = None
        return exporter

    def test_emptied_file_opens_nothing(self):
        exporter = self._exporter()
        # In place, as a shell or a full disk does it.
        os.truncate(exporter.web_file, 0)
        seen = set()
        def refused():
            seen.add(status(exporter))
            return "web configuration refused" in exporter.log()
        wait_for(refused, "a refusal")
        self.assertLessEqual(seen, {401, 500})
        for authorization in (None, RIGHT):
            self.assertEqual(status(exporter, authorization), 500)
        self.assertRegex(exporter.log(), r"level=error .*basic_auth_users.*SIGHUP")

    def test_file_that_is_copied_over_in_a_loop_leaks_nothing(self):
        exporter = self._exporter()
        new = f"{exporter.web_file}.next"
        # Long enough for a copy to take more than one write.
        with open(new, "w", encoding="utf-8") as file:
            file.write(ALICE + "# padding\n" * 20000)
        loop = subprocess.Popen(["sh", "-c", 'while :; do cp "$0" "$1"; done', new, exporter.web_file])
        try:
            with contextlib.closing(exporter.connect()) as connection:
                seen = collections.Counter()
                for _ in range(3000):
                    connection.request("GET", "/-/ready")
                    answer = connection.getresponse()
                    answer.read()
                    seen[answer.status] += 1
        finally:
            loop.kill()
            loop.wait()
        self.assertEqual(set(seen), {401})
        shutil.copy(new, exporter.web_file)
        wait_for(lambda: "web configuration reloaded" in exporter.log(), "the copied file")
        self.assertEqual(status(exporter), 401)
        self.assertEqual(status(exporter, RIGHT), 200)

    def test_file_of_which_only_the_first_section_is_written_opens_nothing(self):
        exporter = self._exporter("rate_limit: {interval: 1ms, burst: 10000}\n" + ALICE)
        exporter.change_web("rate_limit: {interval: 1ms, burst: 10000}\n")
        self.assertEqual(status(exporter), 500)
        exporter.change_web("rate_limit: {interval: 1ms, burst: 10000}\n" + ALICE)
        self.assertEqual(status(exporter), 401)
        self.assertEqual(status(exporter, RIGHT), 200)

    def test_signal_confirms_a_weakening_and_warns(self):
        exporter = self._exporter()
        exporter.change_web("")
        self.assertEqual(status(exporter), 500)
        exporter.reload()
        wait_for(lambda: status(exporter) == 200, "a confirmed reload")
        self.assertRegex(exporter.log(), "level=warn.* weakened=.basic_auth_users")

    def test_signal_right_after_the_change_confirms_it_too(self):
        exporter = self._exporter()
        exporter.write_web("")
        exporter.reload()
        wait_for(lambda: status(exporter) == 200, "a confirmed reload")
        self.assertNotIn("refused", exporter.log())

    def test_client_that_logs_in_may_confirm_a_weakening_and_no_other(self):
        exporter = self._exporter(flags=["--web.enable-lifecycle"])
        exporter.change_web("")
        def reload(authorization=None):
            return exporter.get("/-/reload", {"Authorization": authorization} if authorization else {}, "POST").status
        self.assertEqual(reload(), 401)
        self.assertEqual(reload(login("alice", "wrong")), 401)
        self.assertEqual(status(exporter), 500)
        self.assertEqual(reload(RIGHT), 200)
        self.assertEqual(status(exporter), 200)

    def test_client_confirms_nothing_where_nobody_logs_in(self):
        limit = "rate_limit: {interval: 1ms, burst: 10000}\n"
        exporter = self._exporter(limit, flags=["--web.enable-lifecycle"])
        exporter.write_web("")
        answer = exporter.get("/-/reload", method="POST")
        self.assertEqual(answer.status, 500)
        self.assertIn("rate_limit", answer.text)
        wait_for(lambda: status(exporter) == 500, "a refusal")
        self.assertEqual(exporter.get("/-/reload", method="POST").status, 500)
        exporter.change_web(limit)
        self.assertEqual(status(exporter), 200)


class HeadersTest(unittest.TestCase):

    def test_every_response_has_the_fields_of_the_file(self):
        fields = {"Content-Security-Policy": "default-src 'self'", "Strict-Transport-Security": "max-age=31536000",
                  "X-Content-Type-Options": "nosniff", "X-Frame-Options": "deny", "X-XSS-Protection": "0"}
        text = "http_server_config:\n  headers:\n" + "".join(f'    {name}: "{value}"\n' for name, value in fields.items())
        with Exporter(web=text + ALICE, login=RIGHT) as exporter:
            for expected, path, method, headers in ((200, "/metrics", "GET", {}), (401, "/metrics", "GET", {"Authorization": "x"}),
                                                    (404, "/absent", "GET", {}), (405, "/metrics", "DELETE", {}),
                                                    (400, "/metrics", "GET", {"Host": "a\r\nHost: b"})):
                answer = self._ask(exporter, path, method, headers)
                self.assertEqual(answer.status, expected)
                for name, value in fields.items():
                    self.assertEqual(answer.headers.get_all(name), [value])

    @staticmethod
    def _ask(exporter, path, method, headers):
        with contextlib.closing(exporter.connect()) as connection:
            connection.putrequest(method, path, skip_host="Host" in headers)
            for name, value in ({"Authorization": RIGHT} | headers).items():
                for number, one in enumerate(value.split("\r\nHost: ")):
                    connection.putheader(name if number == 0 else "Host", one)
            connection.endheaders()
            answer = connection.getresponse()
            answer.read()
            return answer


class BrokenFileTest(unittest.TestCase):

    def test_every_request_is_refused_until_the_file_is_repaired(self):
        with Exporter(web=ALICE, login=RIGHT) as exporter:
            for broken in ("basic_auth_users: {alice: secret}\n", "basic_auth_user: {}\n", "{"):
                exporter.change_web(broken)
                for _ in range(2):
                    self.assertEqual(status(exporter, RIGHT), 500)
                exporter.change_web(ALICE)
                self.assertEqual(status(exporter, RIGHT), 200)
            self.assertRegex(exporter.log(), r"web.yml:1:1: unknown key .*basic_auth_user")
            self.assertNotIn("secret", exporter.log())

    def test_file_that_is_gone_lets_nobody_in(self):
        with Exporter(web=ALICE, login=RIGHT) as exporter:
            os.unlink(exporter.web_file)
            wait_for(lambda: status(exporter, RIGHT) == 500, "a refusal")
            exporter.change_web(ALICE)
            self.assertEqual(status(exporter, RIGHT), 200)

    def test_exporter_does_not_start_with_a_broken_file(self):
        result = subprocess.run([BINARY, "--web.config.file=/absent/web.yml"], check=False, capture_output=True, text=True,
                                timeout=60)
        self.assertEqual(result.returncode, 1)
        self.assertIn("/absent/web.yml: cannot be read", result.stderr)

    def test_http2_is_noted_as_not_spoken(self):
        with Exporter(web="http_server_config: {http2: true}\n") as exporter:
            self.assertIn("HTTP/2, which is not spoken", exporter.log())
        with Exporter(web="http_server_config: {http2: false}\n") as exporter:
            self.assertNotIn("HTTP/2", exporter.log())


if __name__ == "__main__":
    main()
