// Which clients' certificates a context of MakeTlsContext accepts, in handshakes within memory.

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "daemon/access/test_certificates.h"
#include "daemon/access/tls_context.h"

namespace mqueue::access {
namespace {

using settings::ClientAuth;
using settings::TlsConfig;
using settings::TlsVersion;

struct Free {
  void operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { ::SSL_free(ssl); }
};

// What a client that shows `shown`, and `chain` behind it, gets: 0 for a connection, or the reason of the error that it
// has from the server's alert.
int Outcome(const TlsConfig& config, const Identity& shown, const Identity* chain = nullptr) {
  const auto server_context = MakeTlsContext(config);
  if (!server_context) {
    ADD_FAILURE() << server_context.error();
    return -1;
  }
  const std::unique_ptr<SSL_CTX, Free> client_context(::SSL_CTX_new(::TLS_client_method()));
  ::SSL_CTX_use_certificate(client_context.get(), shown.certificate.get());
  ::SSL_CTX_use_PrivateKey(client_context.get(), shown.key.get());
  if (chain != nullptr) ::SSL_CTX_add1_chain_cert(client_context.get(), chain->certificate.get());
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
    config.certificate.text = server_.CertificatePem();
    config.key.text = server_.KeyPem();
    config.client_ca.text = client_ca;
    config.client_auth = ClientAuth::kRequireAndVerify;
    config.max_version = GetParam();
    return config;
  }

  const Identity root_ = MakeIdentity("root", {.is_ca = true});
  const Identity middle_ = MakeIdentity("middle", {.issuer = &root_, .is_ca = true});
  const Identity leaf_ = MakeIdentity("leaf", {.issuer = &middle_, .names = "DNS:prometheus.example"});
  const Identity sibling_ = MakeIdentity("sibling", {.issuer = &middle_, .names = "DNS:other.example"});
  const Identity expired_ = MakeIdentity("expired", {.issuer = &middle_, .valid_seconds = -3600});
  const Identity server_ = MakeIdentity("server", {});
};

INSTANTIATE_TEST_SUITE_P(Versions, ClientCertificates, testing::Values(TlsVersion::kTls12, TlsVersion::kTls13));

TEST_P(ClientCertificates, ChainToTheRootIsVerified) {
  EXPECT_EQ(Outcome(Config(root_.CertificatePem()), leaf_, &middle_), 0);
  EXPECT_EQ(Outcome(Config(root_.CertificatePem() + middle_.CertificatePem()), leaf_), 0);
  EXPECT_EQ(Outcome(Config(root_.CertificatePem()), leaf_), SSL_R_TLSV1_ALERT_UNKNOWN_CA);
}

TEST_P(ClientCertificates, IntermediateCaIsEnough) {
  EXPECT_EQ(Outcome(Config(middle_.CertificatePem()), leaf_), 0);
  EXPECT_EQ(Outcome(Config(middle_.CertificatePem()), leaf_, &middle_), 0);
  EXPECT_EQ(Outcome(Config(middle_.CertificatePem()), server_), SSL_R_TLSV1_ALERT_UNKNOWN_CA);
}

TEST_P(ClientCertificates, CertificateOfTheClientItselfIsEnough) {
  EXPECT_EQ(Outcome(Config(leaf_.CertificatePem()), leaf_), 0);
  EXPECT_EQ(Outcome(Config(leaf_.CertificatePem()), leaf_, &middle_), 0);
  EXPECT_EQ(Outcome(Config(leaf_.CertificatePem()), sibling_), SSL_R_TLSV1_ALERT_UNKNOWN_CA);
}

TEST_P(ClientCertificates, ExpiredOneIsRefusedThoughItIsListed) {
  EXPECT_EQ(Outcome(Config(expired_.CertificatePem()), expired_), SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED);
}

TEST_P(ClientCertificates, NameThatDoesNotMatchIsABadCertificate) {
  TlsConfig config = Config(root_.CertificatePem());
  config.client_allowed_sans = {"prometheus.example"};
  EXPECT_EQ(Outcome(config, leaf_, &middle_), 0);
  EXPECT_EQ(Outcome(config, sibling_, &middle_), SSL_R_SSLV3_ALERT_BAD_CERTIFICATE);
  config.client_ca.text = middle_.CertificatePem();
  EXPECT_EQ(Outcome(config, leaf_), 0);
  EXPECT_EQ(Outcome(config, sibling_), SSL_R_SSLV3_ALERT_BAD_CERTIFICATE);
  config.client_ca.text = sibling_.CertificatePem();
  EXPECT_EQ(Outcome(config, sibling_), SSL_R_SSLV3_ALERT_BAD_CERTIFICATE);
}

}  // namespace
}  // namespace mqueue::access
