// What MakeTlsContext says of certificates that it cannot use.

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "daemon/access/certificate_lines.h"
#include "daemon/access/tls_context.h"
#include "daemon/http/testing/certificates.h"

namespace mqueue::access {
namespace {

using http::testing::Authority;
using http::testing::KeyPair;

std::string Written(const std::string& name, const std::string& text) {
  std::string path = testing::TempDir() + "/" + name;
  std::ofstream(path) << text;
  return path;
}

std::string ErrorOf(const TlsConfig& config) {
  const auto context = MakeTlsContext(config);
  return context ? "no error" : context.error();
}

// A certificate whose base64 is cut in its first line.
std::string Broken(const KeyPair& pair) {
  std::string pem = pair.certificate;
  return pem.erase(pem.find('\n') + 1, 8);
}

// OpenSSL can read it, and refuses to use an RSA key of 512 bits.
constexpr char kTooSmall[] =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBeTCCASOgAwIBAgIUZ8l8lSiDPUVwe7y4c1VbjzFeqjgwDQYJKoZIhvcNAQEL\n"
    "BQAwEDEOMAwGA1UEAwwFc21hbGwwIBcNMjYxMjAxMDg0NzU5WhgPMjEyNjExMDcw\n"
    "ODQ3NTlaMBAxDjAMBgNVBAMMBXNtYWxsMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJB\n"
    "ALswUWwi9Lrgr7GD1kUZf9BEt5IhDs7liLTgdTY2fNDyvRes1E3a/RIhuF1psQA2\n"
    "Wco4F6U/m+0qIq14dos+A20CAwEAAaNTMFEwHQYDVR0OBBYEFKX5LKwidBbwJFKP\n"
    "zVyX4JXspQQIMB8GA1UdIwQYMBaAFKX5LKwidBbwJFKPzVyX4JXspQQIMA8GA1Ud\n"
    "EwEB/wQFMAMBAf8wDQYJKoZIhvcNAQELBQADQQCv57AU5H8+eG/YuQhSlPY8wAqP\n"
    "Y8UQEvy5Se/4TGR+yR/5PZ4AikCDzXX+jETJmnEiRqiP1sOd/pWCB086doW5\n"
    "-----END CERTIFICATE-----\n";

class CertificateErrors : public testing::Test {
 protected:
  TlsConfig Config(const std::string& certificate) const {
    TlsConfig config;
    config.certificate = {.file = Written("server.crt", certificate), .text = "", .at = {3, 14}};
    config.key = {.file = Written("server.key", server_.key), .text = "", .at = {4, 13}};
    return config;
  }

  const Authority authority_{"ca"};
  const KeyPair server_ = authority_.Issue("server");
  const KeyPair other_ = authority_.Issue("other");
};

TEST_F(CertificateErrors, BrokenCertificateIsNamedByItsLine) {
  EXPECT_EQ(ErrorOf(Config(server_.certificate)), "no error");
  const std::string good = "# ours\n\n" + server_.certificate + server_.key;
  const TlsConfig config = Config(good + Broken(other_));
  const auto line = std::ranges::count(good, '\n') + 1;
  const std::string error = ErrorOf(config);
  EXPECT_EQ(error, "line 3: tls_server_config: cert_file: " + config.certificate.file + ": the certificate in line " +
                       std::to_string(line) + " cannot be read; give a certificate in PEM, before those of its CAs");
}

TEST_F(CertificateErrors, BrokenCertificateMayBeInTheFirstLine) {
  const std::string error = ErrorOf(Config(Broken(server_)));
  EXPECT_TRUE(error.contains(": the certificate in line 1 cannot be read; ")) << error;
}

TEST_F(CertificateErrors, CertificateThatCannotBeUsedHasTheReasonOfOpenssl) {
  const std::string error = ErrorOf(Config(kTooSmall));
  EXPECT_TRUE(error.contains(": ee key too small")) << error;
}

TEST_F(CertificateErrors, FileWithoutACertificateSaysSo) {
  const TlsConfig config = Config("nothing\n" + server_.key);
  EXPECT_EQ(ErrorOf(config), "line 3: tls_server_config: cert_file: " + config.certificate.file +
                                 ": there is no certificate in it; give a certificate in PEM, before those of its CAs");
}

TEST_F(CertificateErrors, KeyIsNamedByTheLineOfTheConfiguration) {
  TlsConfig config = Config(server_.certificate);
  config.key = {.file = "", .text = other_.key, .at = {9, 8}};
  std::string error = ErrorOf(config);
  EXPECT_TRUE(error.starts_with("line 9: tls_server_config: key: ")) << error;
  config.key = {.file = "/absent.key", .text = "", .at = {9, 8}};
  error = ErrorOf(config);
  EXPECT_TRUE(error.starts_with("line 9: tls_server_config: key_file: /absent.key: cannot be read")) << error;
}

TEST_F(CertificateErrors, BrokenClientCaIsNamedByItsLine) {
  TlsConfig config = Config(server_.certificate);
  config.client_auth = ClientAuth::kRequireAndVerify;
  config.client_ca = {.file = Written("ca.crt", "\n" + Broken(other_)), .text = "", .at = {5, 19}};
  const std::string error = ErrorOf(config);
  EXPECT_EQ(error, "line 5: tls_server_config: client_ca_file: " + config.client_ca.file +
                       ": the certificate in line 2 cannot be read; give certificates of CAs or of clients in PEM");
}

TEST(BadCertificateLine, GoodCertificatesAndOtherTextHaveNone) {
  const KeyPair one = Authority("ca").Issue("one");
  EXPECT_EQ(BadCertificateLine(""), 0U);
  EXPECT_EQ(BadCertificateLine("text"), 0U);
  EXPECT_EQ(BadCertificateLine(one.certificate + one.key + one.certificate), 0U);
  EXPECT_EQ(BadCertificateLine("-----BEGIN CERTIFICATE-----\n"), 1U);
  EXPECT_EQ(BadCertificateLine(one.certificate + "-----BEGIN TRUSTED CERTIFICATE-----\n"),
            1U + static_cast<std::size_t>(std::ranges::count(one.certificate, '\n')));
}

}  // namespace
}  // namespace mqueue::access
