// Which clients' certificates a context of MakeTlsContext accepts, in handshakes within memory.

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <chrono>
#include <memory>
#include <string>

#include "daemon/access/tls_context.h"
#include "daemon/http/testing/certificates.h"

namespace mqueue::access {
namespace {

using http::testing::Authority;
using http::testing::ClientContext;
using http::testing::KeyPair;

struct Free {
  void operator()(SSL* ssl) const { ::SSL_free(ssl); }
};

// What a client that shows `shown`, and `chain` behind it, gets: 0 for a connection, or the reason of the error that it
// has from the server's alert.
int Outcome(const TlsConfig& config, const KeyPair& shown, const Authority* chain = nullptr) {
  const auto server_context = MakeTlsContext(config);
  if (!server_context) {
    ADD_FAILURE() << server_context.error();
    return -1;
  }
  const auto client_context = ClientContext(shown, chain == nullptr ? "" : chain->certificate());
  const std::unique_ptr<SSL, Free> server(::SSL_new((*server_context)->native_handle()));
  const std::unique_ptr<SSL, Free> client(::SSL_new(client_context.get()));
  BIO* server_end = nullptr;
  BIO* client_end = nullptr;
  ::BIO_new_bio_pair(&server_end, 0, &client_end, 0);
  ::SSL_set_bio(server.get(), server_end, server_end);
  ::SSL_set_bio(client.get(), client_end, client_end);
  ::SSL_set_accept_state(server.get());
  ::SSL_set_connect_state(client.get());
  for (int turn = 0; turn < 20; ++turn) {
    ::ERR_clear_error();
    char byte = 0;
    // Does the handshake first. With TLS 1.3 the alert comes when the client is done with its own part.
    const int result = ::SSL_read(client.get(), &byte, 1);
    if (::SSL_get_error(client.get(), result) == SSL_ERROR_SSL) return ERR_GET_REASON(::ERR_peek_error());
    ::ERR_clear_error();
    ::SSL_do_handshake(server.get());
  }
  return ::SSL_is_init_finished(server.get()) == 1 ? 0 : -1;
}

class ClientCertificates : public testing::TestWithParam<TlsVersion> {
 protected:
  TlsConfig Config(const std::string& client_ca) const {
    TlsConfig config;
    config.certificate.text = server_.certificate;
    config.key.text = server_.key;
    config.client_ca.text = client_ca;
    config.client_auth = ClientAuth::kRequireAndVerify;
    config.max_version = GetParam();
    return config;
  }

  const Authority root_{"root"};
  const Authority middle_{"middle", &root_};
  const KeyPair leaf_ = middle_.Issue("leaf", "DNS:prometheus.example");
  const KeyPair sibling_ = middle_.Issue("sibling", "DNS:other.example");
  const KeyPair expired_ = middle_.Issue("expired", "", std::chrono::hours(-1));
  const KeyPair server_ = Authority("other root").Issue("server");
};

INSTANTIATE_TEST_SUITE_P(Versions, ClientCertificates, testing::Values(TlsVersion::kTls12, TlsVersion::kTls13));

TEST_P(ClientCertificates, ChainToTheRootIsVerified) {
  EXPECT_EQ(Outcome(Config(root_.certificate()), leaf_, &middle_), 0);
  EXPECT_EQ(Outcome(Config(root_.certificate() + middle_.certificate()), leaf_), 0);
  EXPECT_EQ(Outcome(Config(root_.certificate()), leaf_), SSL_R_TLSV1_ALERT_UNKNOWN_CA);
}

TEST_P(ClientCertificates, IntermediateCaIsEnough) {
  EXPECT_EQ(Outcome(Config(middle_.certificate()), leaf_), 0);
  EXPECT_EQ(Outcome(Config(middle_.certificate()), leaf_, &middle_), 0);
  EXPECT_EQ(Outcome(Config(middle_.certificate()), server_), SSL_R_TLSV1_ALERT_UNKNOWN_CA);
}

TEST_P(ClientCertificates, CertificateOfTheClientItselfIsEnough) {
  EXPECT_EQ(Outcome(Config(leaf_.certificate), leaf_), 0);
  EXPECT_EQ(Outcome(Config(leaf_.certificate), leaf_, &middle_), 0);
  EXPECT_EQ(Outcome(Config(leaf_.certificate), sibling_), SSL_R_TLSV1_ALERT_UNKNOWN_CA);
}

TEST_P(ClientCertificates, ExpiredOneIsRefusedThoughItIsListed) {
  EXPECT_EQ(Outcome(Config(expired_.certificate), expired_), SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED);
}

TEST_P(ClientCertificates, NameThatDoesNotMatchIsABadCertificate) {
  TlsConfig config = Config(root_.certificate());
  config.client_allowed_sans = {"prometheus.example"};
  EXPECT_EQ(Outcome(config, leaf_, &middle_), 0);
  EXPECT_EQ(Outcome(config, sibling_, &middle_), SSL_R_SSLV3_ALERT_BAD_CERTIFICATE);
  config.client_ca.text = middle_.certificate();
  EXPECT_EQ(Outcome(config, leaf_), 0);
  EXPECT_EQ(Outcome(config, sibling_), SSL_R_SSLV3_ALERT_BAD_CERTIFICATE);
  config.client_ca.text = sibling_.certificate;
  EXPECT_EQ(Outcome(config, sibling_), SSL_R_SSLV3_ALERT_BAD_CERTIFICATE);
}

}  // namespace
}  // namespace mqueue::access
