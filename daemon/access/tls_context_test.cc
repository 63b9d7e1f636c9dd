#include "daemon/access/tls_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daemon/http/testing/certificates.h"

namespace mqueue::access {
namespace {

using http::testing::Authority;
using http::testing::ClientContext;
using http::testing::KeyPair;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct FreeTls {
  void operator()(SSL* tls) const { ::SSL_free(tls); }
};
using Tls = std::unique_ptr<SSL, FreeTls>;

// What two sides agreed on.
struct Agreed {
  int version;
  std::string suite;
  std::string group;
  // What the client was shown, in PEM, the server's own first.
  std::vector<std::string> certificates;
  bool resumed;
};

std::string ToPem(X509* certificate) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(::BIO_new(::BIO_s_mem()), ::BIO_free_all);
  ::PEM_write_bio_X509(bio.get(), certificate);
  char* bytes = nullptr;
  const long size = ::BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

// A handshake in memory; nothing if either side refuses.
std::optional<Agreed> Shake(SSL_CTX* server_context, SSL_CTX* client_context) {
  const Tls server(::SSL_new(server_context));
  const Tls client(::SSL_new(client_context));
  BIO* ends[2] = {nullptr, nullptr};
  ::BIO_new_bio_pair(&ends[0], 1 << 16, &ends[1], 1 << 16);
  ::SSL_set_bio(server.get(), ends[0], ends[0]);
  ::SSL_set_bio(client.get(), ends[1], ends[1]);
  ::SSL_set_accept_state(server.get());
  ::SSL_set_connect_state(client.get());
  constexpr int kMostFlights = 10;
  int client_done = 0;
  int server_done = 0;
  for (int i = 0; i < kMostFlights && (client_done != 1 || server_done != 1); ++i) {
    client_done = ::SSL_do_handshake(client.get());
    server_done = ::SSL_do_handshake(server.get());
  }
  ::ERR_clear_error();
  if (client_done != 1 || server_done != 1) return std::nullopt;
  Agreed agreed{.version = ::SSL_version(client.get()),
                .suite = ::SSL_get_cipher_name(client.get()),
                .group = ::OBJ_nid2sn(static_cast<int>(SSL_get_negotiated_group(client.get()))),
                .certificates = {},
                .resumed = ::SSL_session_reused(server.get()) == 1};
  STACK_OF(X509)* shown = ::SSL_get_peer_cert_chain(client.get());
  for (int i = 0; i < sk_X509_num(shown); ++i) agreed.certificates.push_back(ToPem(sk_X509_value(shown, i)));
  return agreed;
}

class TlsContextTest : public ::testing::Test {
 protected:
  using Context = std::shared_ptr<boost::asio::ssl::context>;

  TlsConfig Config() const {
    TlsConfig config;
    config.certificate.text = own_.certificate;
    config.key.text = own_.key;
    return config;
  }
  TlsConfig Verifying(ClientAuth auth = ClientAuth::kRequireAndVerify) const {
    TlsConfig config = Config();
    config.client_auth = auth;
    config.client_ca.text = authority_.certificate();
    return config;
  }

  static Context Make(const TlsConfig& config) {
    auto context = MakeTlsContext(config);
    EXPECT_TRUE(context) << context.error();
    return context ? *context : nullptr;
  }
  static std::string ErrorOf(const TlsConfig& config) {
    const auto context = MakeTlsContext(config);
    return context ? "" : context.error();
  }

  static std::optional<Agreed> Ask(const TlsConfig& config, const KeyPair& client = {}) {
    return Shake(Make(config)->native_handle(), ClientContext(client).get());
  }
  // Whether a client is served that speaks this version alone.
  static bool Speaks(const TlsConfig& config, int version) {
    const auto client = ClientContext();
    ::SSL_CTX_set_security_level(client.get(), 0);
    ::SSL_CTX_set_min_proto_version(client.get(), version);
    ::SSL_CTX_set_max_proto_version(client.get(), version);
    const auto agreed = Shake(Make(config)->native_handle(), client.get());
    return agreed && agreed->version == version;
  }

  const Authority authority_{"ca"};
  const Authority stranger_{"stranger"};
  const KeyPair own_ = authority_.Issue("server");
  const KeyPair right_ = authority_.Issue("right", "DNS:prometheus.example");
  const KeyPair nameless_ = authority_.Issue("nameless");
  const KeyPair foreign_ = stranger_.Issue("foreign", "DNS:prometheus.example");
};

TEST_F(TlsContextTest, ServesWithItsCertificateAndThoseOfItsCas) {
  TlsConfig config = Config();
  config.certificate.text += authority_.certificate();
  const auto agreed = Ask(config);
  ASSERT_TRUE(agreed);
  EXPECT_THAT(agreed->certificates, ::testing::ElementsAre(own_.certificate, authority_.certificate()));
  EXPECT_EQ(agreed->version, TLS1_3_VERSION);
}

TEST_F(TlsContextTest, TextOfAFileThatWasReadIsNotReadAgain) {
  TlsConfig config = Config();
  config.certificate.file = "/absent.crt";
  config.key.file = "/absent.key";
  EXPECT_TRUE(Ask(config));
}

TEST_F(TlsContextTest, FileIsReadWithoutAText) {
  const std::string path = testing::TempDir() + "/tls_context_test.crt";
  std::ofstream(path) << own_.certificate;
  TlsConfig config = Config();
  config.certificate = {.file = path, .text = ""};
  EXPECT_TRUE(Ask(config));
}

TEST_F(TlsContextTest, VersionsAreThoseBetweenTheOldestAndTheNewest) {
  const std::vector<std::pair<TlsVersion, int>> versions{{TlsVersion::kTls10, TLS1_VERSION},
                                                         {TlsVersion::kTls11, TLS1_1_VERSION},
                                                         {TlsVersion::kTls12, TLS1_2_VERSION},
                                                         {TlsVersion::kTls13, TLS1_3_VERSION}};
  for (const auto& [oldest, unused] : versions) {
    for (const auto& [newest, unused_too] : versions) {
      if (newest < oldest) continue;
      TlsConfig config = Config();
      config.min_version = oldest;
      config.max_version = newest;
      for (const auto& [version, number] : versions) {
        EXPECT_EQ(Speaks(config, number), oldest <= version && version <= newest)
            << static_cast<int>(oldest) << ' ' << static_cast<int>(newest) << ' ' << std::hex << number;
      }
    }
  }
}

TEST_F(TlsContextTest, SuiteIsOneOfThoseThatAreChosen) {
  TlsConfig config = Config();
  config.max_version = TlsVersion::kTls12;
  config.cipher_suites = {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"};
  EXPECT_EQ(Ask(config)->suite, "ECDHE-ECDSA-AES256-GCM-SHA384");
  const auto client = ClientContext();
  ::SSL_CTX_set_cipher_list(client.get(), "ECDHE-ECDSA-CHACHA20-POLY1305");
  EXPECT_FALSE(Shake(Make(config)->native_handle(), client.get()));
}

TEST_F(TlsContextTest, OrderOfSuitesIsTheServersOrTheClients) {
  TlsConfig config = Config();
  config.max_version = TlsVersion::kTls12;
  config.cipher_suites = {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"};
  const auto client = ClientContext();
  ::SSL_CTX_set_cipher_list(client.get(), "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384");
  EXPECT_EQ(Shake(Make(config)->native_handle(), client.get())->suite, "ECDHE-ECDSA-AES256-GCM-SHA384");
  config.prefer_server_cipher_suites = false;
  EXPECT_EQ(Shake(Make(config)->native_handle(), client.get())->suite, "ECDHE-ECDSA-AES128-GCM-SHA256");
}

TEST_F(TlsContextTest, SuitesOfTls13AloneLeaveNoOlderVersion) {
  TlsConfig config = Config();
  config.cipher_suites = {"TLS_AES_128_GCM_SHA256"};
  EXPECT_TRUE(Speaks(config, TLS1_3_VERSION));
  EXPECT_FALSE(Speaks(config, TLS1_2_VERSION));
  config.cipher_suites.emplace_back("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256");
  EXPECT_TRUE(Speaks(config, TLS1_2_VERSION));
}

TEST_F(TlsContextTest, CurveIsOneOfThoseThatAreChosen) {
  for (const auto& [curve, group] : {std::pair{"CurveP256", "prime256v1"},
                                     {"CurveP384", "secp384r1"},
                                     {"CurveP521", "secp521r1"},
                                     {"X25519", "X25519"}}) {
    TlsConfig config = Config();
    config.curve_preferences = {curve};
    EXPECT_EQ(Ask(config)->group, group);
  }
  TlsConfig config = Config();
  config.curve_preferences = {"CurveP256"};
  const auto client = ClientContext();
  ::SSL_CTX_set1_groups_list(client.get(), "X25519");
  EXPECT_FALSE(Shake(Make(config)->native_handle(), client.get()));
}

TEST_F(TlsContextTest, NoSessionIsOfferedForResumption) {
  for (const TlsVersion version : {TlsVersion::kTls12, TlsVersion::kTls13}) {
    TlsConfig config = Config();
    config.max_version = version;
    SSL_CTX* context = Make(config)->native_handle();
    EXPECT_EQ(::SSL_CTX_get_num_tickets(context), 0U);
    EXPECT_NE(::SSL_CTX_get_options(context) & SSL_OP_NO_TICKET, 0U);
    EXPECT_NE(::SSL_CTX_get_options(context) & SSL_OP_NO_RENEGOTIATION, 0U);
    EXPECT_EQ(SSL_CTX_get_session_cache_mode(context), SSL_SESS_CACHE_OFF);
    EXPECT_NE(SSL_CTX_get_mode(context) & SSL_MODE_RELEASE_BUFFERS, 0);
  }
}

TEST_F(TlsContextTest, ClientIsServedAsItsCertificateAndTheConfigurationSay) {
  struct Case {
    ClientAuth auth;
    bool none, right, foreign;
  };
  for (const Case& one : {Case{ClientAuth::kNone, true, true, true},
                          {ClientAuth::kRequest, true, true, true},
                          {ClientAuth::kRequireAny, false, true, true},
                          {ClientAuth::kVerifyIfGiven, true, true, false},
                          {ClientAuth::kRequireAndVerify, false, true, false}}) {
    for (const TlsVersion version : {TlsVersion::kTls12, TlsVersion::kTls13}) {
      TlsConfig config = Verifying(one.auth);
      config.max_version = version;
      EXPECT_EQ(Ask(config).has_value(), one.none) << static_cast<int>(one.auth);
      EXPECT_EQ(Ask(config, right_).has_value(), one.right) << static_cast<int>(one.auth);
      EXPECT_EQ(Ask(config, foreign_).has_value(), one.foreign) << static_cast<int>(one.auth);
    }
  }
}

TEST_F(TlsContextTest, NameOfTheClientMustBeAllowedAndItsCaTrusted) {
  TlsConfig config = Verifying();
  config.client_allowed_sans = {"other.example", "prometheus.example"};
  EXPECT_TRUE(Ask(config, right_));
  EXPECT_FALSE(Ask(config, nameless_));
  EXPECT_FALSE(Ask(config, foreign_));
  config.client_allowed_sans = {"other.example"};
  EXPECT_FALSE(Ask(config, right_));
}

TEST_F(TlsContextTest, NameIsComparedAsItsKindSays) {
  struct Case {
    const char* name;
    const char* allowed;
    bool served;
  };
  for (const Case& one : {Case{"IP:192.0.2.7", "192.0.2.7", true},
                          {"IP:192.0.2.7", "192.0.2.8", false},
                          {"IP:2001:db8::1", "2001:DB8:0::1", true},
                          {"IP:2001:db8::1", "2001:db8::2", false},
                          {"IP:192.0.2.7", "name", false},
                          {"email:sre@example.org", "sre@example.org", true},
                          {"email:sre@example.org", "SRE@example.org", false},
                          {"URI:spiffe://a/b", "spiffe://a/b", true},
                          {"URI:spiffe://a/b", "spiffe://a/c", false},
                          {"DNS:*.example", "a.example", false},
                          {"DNS:a.example,DNS:b.example", "b.example", true},
                          {"DNS:192.0.2.7", "192.0.2.7", true},
                          {"RID:1.2.3.4", "1.2.3.4", false},
                          {"DNS:a.example", "a.exampl", false}}) {
    TlsConfig config = Verifying();
    config.client_allowed_sans = {one.allowed};
    EXPECT_EQ(Ask(config, authority_.Issue("client", one.name)).has_value(), one.served)
        << one.name << " and " << one.allowed;
  }
}

TEST_F(TlsContextTest, WhatCannotBeUsedIsNamedByItsKey) {
  TlsConfig config = Config();
  config.certificate.text = "none";
  EXPECT_THAT(ErrorOf(config), StartsWith("line 1: tls_server_config: cert: "));
  config = Config();
  config.certificate = {.file = "/absent.crt", .text = ""};
  EXPECT_THAT(ErrorOf(config), StartsWith("line 1: tls_server_config: cert_file: /absent.crt: "));
  config = Config();
  config.key.text = own_.certificate;
  EXPECT_THAT(ErrorOf(config), StartsWith("line 1: tls_server_config: key: "));
  config = Config();
  config.key.text = right_.key;
  EXPECT_THAT(ErrorOf(config), StartsWith("line 1: tls_server_config: key: "));
  config = Verifying();
  config.client_ca.text = own_.key;
  EXPECT_THAT(ErrorOf(config), StartsWith("line 1: tls_server_config: client_ca: "));
  config = Config();
  config.max_version = TlsVersion::kTls12;
  config.curve_preferences = {"CurveP9"};
  EXPECT_THAT(ErrorOf(config), StartsWith("line 1: tls_server_config: curve_preferences: "));
}

TEST_F(TlsContextTest, CertificateOfAnotherContextCanBeKeptUnderNewSettings) {
  TlsConfig before = Config();
  before.certificate.text += authority_.certificate();
  auto first = Make(before);
  TlsConfig after = Verifying();
  after.certificate.text = "broken";
  after.key.text = "broken";
  EXPECT_FALSE(MakeTlsContext(after));
  const auto second = MakeTlsContext(after, first.get());
  ASSERT_TRUE(second) << second.error();
  // Again, from the one that kept it, when the first is gone.
  first.reset();
  const auto third = MakeTlsContext(after, second->get());
  ASSERT_TRUE(third) << third.error();
  EXPECT_FALSE(Shake((*third)->native_handle(), ClientContext().get()));
  const auto agreed = Shake((*third)->native_handle(), ClientContext(right_).get());
  ASSERT_TRUE(agreed);
  EXPECT_THAT(agreed->certificates, ::testing::ElementsAre(own_.certificate, authority_.certificate()));
  after.client_ca.text = "broken";
  const auto refused = MakeTlsContext(after, third->get());
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error(), HasSubstr("client_ca"));
}

TEST(PrepareTls, CanBeCalledTwice) {
  PrepareTls();
  PrepareTls();
}

}  // namespace
}  // namespace mqueue::access
