#include "daemon/settings/web_config.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "daemon/settings/titled_files.h"

namespace mqueue::settings {
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
  ExpectErrorsOfList(ParseWebConfig, "daemon/settings/testdata/web_files.txt", 45);
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
}  // namespace mqueue::settings
