#include "daemon/access/web_config.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "daemon/yaml/testing/titled_files.h"

namespace mqueue::access {
namespace {

using std::chrono::milliseconds;

constexpr char kHash[] = "$2y$10$X0h1gDsPszWURQaxFh.zoubFi6DXncSjhoQNJgRrnGs7EsimhC7zG";

WebConfig Parsed(std::string_view text, std::string_view file = "/etc/mqueue_exporter/web.yml") {
  auto config = ParseWebConfig(text, file);
  if (config) return *std::move(config);
  ADD_FAILURE() << config.error().front();
  return {};
}

TEST(ParseWebConfig, FilesGetTheErrorsOfTheList) {
  yaml::testing::ExpectErrorsOfList(ParseWebConfig, "daemon/access/testdata/web_files.txt", 80);
}

std::string Name(const Pem& pem) { return pem.file.empty() ? "as text" : pem.file; }

std::string Listed(std::string_view title, const std::vector<std::string>& names) {
  if (names.empty()) return "";
  std::string line(title);
  for (const std::string& name : names) line += " " + name;
  return line + '\n';
}

std::string Describe(const TlsConfig& tls) {
  std::string text = "tls certificate " + Name(tls.certificate) + ", key " + Name(tls.key) + '\n';
  if (tls.client_auth != ClientAuth::kNone) {
    text += "client_auth " + std::to_string(static_cast<int>(tls.client_auth)) + '\n';
  }
  if (!tls.client_ca.empty()) text += "client_ca " + Name(tls.client_ca) + '\n';
  text += Listed("names", tls.client_allowed_sans);
  if (tls.min_version != TlsVersion::kTls12 || tls.max_version != TlsVersion::kTls13) {
    text += "versions " + std::to_string(static_cast<int>(tls.min_version)) + " to " +
            std::to_string(static_cast<int>(tls.max_version)) + '\n';
  }
  text += Listed("curves", tls.curve_preferences) + Listed("suites", tls.cipher_suites);
  return text + (tls.prefer_server_cipher_suites ? "" : "client's preference of suites\n");
}

// What differs from an empty file, a line each. A header value ends with a full stop, to show blanks.
std::string Describe(const WebConfig& config) {
  std::string text = config.tls ? Describe(*config.tls) : "";
  if (config.http2) text += "http2\n";
  for (const auto& [name, value] : config.headers) text += name + ": " + value + ".\n";
  if (config.rate_limit) {
    text += "rate_limit " + std::to_string(config.rate_limit->interval.count()) + " ns, burst " +
            std::to_string(config.rate_limit->burst) + '\n';
  }
  for (const auto& [user, hash] : config.users) text += "user " + user + " " + hash + '\n';
  return text;
}

TEST(ParseWebConfig, AcceptedFilesMeanWhatTheListSays) {
  const auto files = yaml::testing::ReadTitledFiles("daemon/access/testdata/web_meanings.txt");
  ASSERT_GE(files.size(), 50U);
  for (const yaml::testing::TitledFile& file : files) {
    const auto config = ParseWebConfig(file.text, "x.yml");
    const std::string found = config ? Describe(*config) : config.error().front();
    EXPECT_EQ(found, file.errors) << "for:\n=== " << file.title << '\n' << file.text;
  }
}

TEST(ParseWebConfig, PlacesOfWhatOpenSslMayRefuseAreKept) {
  const auto tls =
      Parsed(
          "tls_server_config:\n  cert_file: a\n  key: |\n    b\n  cipher_suites:\n    - TLS_AES_128_GCM_SHA256\n"
          "  curve_preferences: [X25519]\n")
          .tls;
  ASSERT_TRUE(tls);
  EXPECT_EQ(tls->certificate.at, (yaml::Position{2, 14}));
  EXPECT_EQ(tls->key.at, (yaml::Position{3, 8}));
  EXPECT_EQ(tls->cipher_suites_at, (yaml::Position{6, 5}));
  EXPECT_EQ(tls->curve_preferences_at, (yaml::Position{7, 22}));
}

TEST(ParseWebConfig, AliasBombIsRefused) {
  std::string text = "basic_auth_users: &a0 {u: &b0 [" + std::string(2000, ',') + "]}\n";
  for (int i = 1; i < 1000; ++i) text += "k" + std::to_string(i) + ": *b0\n";
  const auto config = ParseWebConfig(text, "x.yml");
  ASSERT_FALSE(config);
  ASSERT_EQ(config.error().size(), 1U);
  EXPECT_TRUE(config.error().front().ends_with(
      "anchors and aliases take more than 1048576 bytes together; write fewer of them"))
      << config.error().front();
}

TEST(ParseWebConfig, EmptyFileIsPlainHttpForEverybody) {
  const WebConfig config = Parsed("");
  EXPECT_FALSE(config.tls);
  EXPECT_FALSE(config.rate_limit);
  EXPECT_TRUE(config.users.empty());
  EXPECT_TRUE(config.headers.empty());
}

TEST(ParseWebConfig, FilesAreRelativeToTheConfiguration) {
  const auto tls = Parsed("tls_server_config: {cert_file: ../tls/server.crt, key_file: /run/server.key}").tls;
  ASSERT_TRUE(tls);
  EXPECT_EQ(tls->certificate.file, "/etc/tls/server.crt");
  EXPECT_EQ(tls->key.file, "/run/server.key");
  EXPECT_EQ(tls->min_version, TlsVersion::kTls12);
  EXPECT_EQ(tls->max_version, TlsVersion::kTls13);
  EXPECT_EQ(tls->client_auth, ClientAuth::kNone);
}

TEST(ParseWebConfig, EveryKeyIsTaken) {
  const WebConfig config = Parsed(
      "tls_server_config: {cert_file: a, key_file: b, client_ca_file: c, client_auth_type: "
      "RequireAndVerifyClientCert,\n"
      "  client_allowed_sans: [d, e], min_version: TLS11, max_version: TLS12, curve_preferences: [X25519],\n"
      "  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256], prefer_server_cipher_suites: false}\n"
      "http_server_config: {http2: true, headers: {X-Frame-Options: deny}}\n"
      "basic_auth_users: {alice: " +
      std::string(kHash) + "}\nrate_limit: {interval: 1s, burst: 20}\n");
  ASSERT_TRUE(config.tls);
  EXPECT_EQ(config.tls->client_auth, ClientAuth::kRequireAndVerify);
  EXPECT_EQ(config.tls->client_allowed_sans, (std::vector<std::string>{"d", "e"}));
  EXPECT_EQ(config.tls->min_version, TlsVersion::kTls11);
  EXPECT_EQ(config.tls->max_version, TlsVersion::kTls12);
  EXPECT_EQ(config.tls->curve_preferences, std::vector<std::string>{"X25519"});
  EXPECT_EQ(config.tls->cipher_suites, std::vector<std::string>{"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
  EXPECT_FALSE(config.tls->prefer_server_cipher_suites);
  EXPECT_TRUE(config.http2);
  EXPECT_EQ(config.headers, (std::vector<std::pair<std::string, std::string>>{{"X-Frame-Options", "deny"}}));
  EXPECT_EQ(config.users.at("alice"), kHash);
  ASSERT_TRUE(config.rate_limit);
  EXPECT_EQ(config.rate_limit->interval, milliseconds(1000));
  EXPECT_EQ(config.rate_limit->burst, 20U);
}

}  // namespace
}  // namespace mqueue::access
