#include "daemon/access/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/verify_context.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/access/certificate_lines.h"
#include "daemon/access/certificate_names.h"
#include "daemon/yaml/config_file.h"

namespace mqueue::access {
namespace {

namespace asio = boost::asio;
namespace ssl = asio::ssl;
using boost::system::error_code;
using Result = std::expected<void, std::string>;

std::unexpected<std::string> Failure(std::string_view key, const std::string& what) {
  return std::unexpected(std::string(key) + ": " + what);
}

std::string LastError() {
  const auto error = ::ERR_get_error();
  const char* reason = ::ERR_reason_error_string(error);
  return reason == nullptr ? "not understood" : reason;
}

// What is wrong with a PEM, for its author.
std::unexpected<std::string> NotTaken(const Pem& pem, std::string_view key, const std::string& what,
                                      std::string_view wanted) {
  return Failure(key, (pem.file.empty() ? "" : pem.file + ": ") + what + "; give " + std::string(wanted));
}

std::unexpected<std::string> NotTaken(const Pem& pem, std::string_view key, const std::string& bytes,
                                      const error_code& error, std::string_view wanted) {
  if (!HasCertificate(bytes)) return NotTaken(pem, key, "there is no certificate in it", wanted);
  const std::size_t line = BadCertificateLine(bytes);
  if (line == 0) return NotTaken(pem, key, error.message(), wanted);
  return NotTaken(pem, key, "the certificate in line " + std::to_string(line) + " cannot be read", wanted);
}

std::expected<std::string, std::string> BytesOf(const Pem& pem, std::string_view key) {
  if (pem.file.empty() || !pem.text.empty()) return pem.text;
  auto bytes = yaml::ReadConfigFile({.path = pem.file, .required = true});
  if (!bytes) return Failure(key, bytes.error());
  return bytes;
}

std::string KeyAt(std::string_view key, const yaml::Position& at) {
  return "line " + std::to_string(at.line) + ": tls_server_config: " + std::string(key);
}

// The key that the configuration has for the PEM, and its line.
std::string KeyOf(const Pem& pem, std::string_view key) {
  return KeyAt(std::string(key) + (pem.file.empty() ? "" : "_file"), pem.at);
}

Result UseCertificate(ssl::context& context, const TlsConfig& config) {
  const std::string key = KeyOf(config.certificate, "cert");
  const auto bytes = BytesOf(config.certificate, key);
  if (!bytes) return std::unexpected(bytes.error());
  error_code error;
  context.use_certificate_chain(asio::buffer(*bytes), error);
  if (!error) return {};
  return NotTaken(config.certificate, key, *bytes, error, "a certificate in PEM, before those of its CAs");
}

Result UseKey(ssl::context& context, const TlsConfig& config) {
  const std::string key = KeyOf(config.key, "key");
  auto bytes = BytesOf(config.key, key);
  if (!bytes) return std::unexpected(bytes.error());
  error_code error;
  // Without a callback the library would ask the terminal.
  context.set_password_callback([](std::size_t, ssl::context::password_purpose) { return ""; }, error);
  context.use_private_key(asio::buffer(*bytes), ssl::context::pem, error);
  ::OPENSSL_cleanse(bytes->data(), bytes->size());
  if (error) {
    return NotTaken(config.key, key, error.message(), "the certificate's private key in PEM, without a passphrase");
  }
  if (::SSL_CTX_check_private_key(context.native_handle()) == 1) return {};
  return Failure(key, "is not the key of the certificate; give the one that was made with it");
}

// The certificate, key and chain of another context. They matched when that one was made.
Result UseCertificateOf(SSL_CTX* context, SSL_CTX* other) {
  STACK_OF(X509)* chain = nullptr;
  ::SSL_CTX_ctrl(other, SSL_CTRL_GET_EXTRA_CHAIN_CERTS, 0, static_cast<void*>(&chain));
  if (::SSL_CTX_use_certificate(context, ::SSL_CTX_get0_certificate(other)) == 1 &&
      ::SSL_CTX_use_PrivateKey(context, ::SSL_CTX_get0_privatekey(other)) == 1 &&
      ::SSL_CTX_set1_chain(context, chain) == 1) {
    return {};
  }
  return Failure("cert", LastError());
}

Result UseClientCa(ssl::context& context, const TlsConfig& config) {
  if (config.client_ca.empty()) return {};
  const std::string key = KeyOf(config.client_ca, "client_ca");
  const auto bytes = BytesOf(config.client_ca, key);
  if (!bytes) return std::unexpected(bytes.error());
  error_code error;
  context.add_certificate_authority(asio::buffer(*bytes), error);
  // As in Go, every certificate of the file is trusted, also an intermediate CA or a client's own.
  ::X509_STORE_set_flags(::SSL_CTX_get_cert_store(context.native_handle()), X509_V_FLAG_PARTIAL_CHAIN);
  if (!error) return {};
  return NotTaken(config.client_ca, key, *bytes, error, "certificates of CAs or of clients in PEM");
}

ssl::verify_mode ModeOf(ClientAuth auth) {
  switch (auth) {
    case ClientAuth::kNone:
      return ssl::verify_none;
    case ClientAuth::kRequest:
    case ClientAuth::kVerifyIfGiven:
      return ssl::verify_peer;
    case ClientAuth::kRequireAny:
    case ClientAuth::kRequireAndVerify:
      return ssl::verify_peer | ssl::verify_fail_if_no_peer_cert;
  }
  return ssl::verify_peer | ssl::verify_fail_if_no_peer_cert;
}

bool Verify(bool trusted, X509_STORE_CTX& chain, std::span<const std::string> names) {
  // Of the chain the client's own certificate comes last.
  if (!trusted || names.empty() || ::X509_STORE_CTX_get_error_depth(&chain) > 0) return trusted;
  const X509* certificate = ::X509_STORE_CTX_get_current_cert(&chain);
  if (certificate != nullptr && HasName(*certificate, names)) return true;
  // The library answers this one with the alert bad_certificate.
  ::X509_STORE_CTX_set_error(&chain, X509_V_ERR_HOSTNAME_MISMATCH);
  return false;
}

void AskClients(ssl::context& context, const TlsConfig& config) {
  context.set_verify_mode(ModeOf(config.client_auth));
  const bool any = config.client_auth == ClientAuth::kRequest || config.client_auth == ClientAuth::kRequireAny;
  context.set_verify_callback([any, names = config.client_allowed_sans](bool trusted, ssl::verify_context& chain) {
    return any || Verify(trusted, *chain.native_handle(), names);
  });
}

int NumberOf(TlsVersion version) {
  switch (version) {
    case TlsVersion::kTls10:
      return TLS1_VERSION;
    case TlsVersion::kTls11:
      return TLS1_1_VERSION;
    case TlsVersion::kTls12:
      return TLS1_2_VERSION;
    case TlsVersion::kTls13:
      return TLS1_3_VERSION;
  }
  return TLS1_3_VERSION;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ":") + name;
  return list;
}

// The library's names of those suites that are of TLS 1.2 and before. Those of 1.3 cannot be chosen, in the format.
std::vector<std::string> LibrarySuites(const std::vector<std::string>& names) {
  std::vector<std::string> suites;
  for (const std::string& name : names) {
    if (name.find("_WITH_") != std::string::npos) suites.emplace_back(::OPENSSL_cipher_name(name.c_str()));
  }
  return suites;
}

Result ChooseSuites(SSL_CTX* context, const TlsConfig& config) {
  if (config.cipher_suites.empty()) return {};
  const auto suites = LibrarySuites(config.cipher_suites);
  // What only has suites of TLS 1.3 speaks only that.
  if (suites.empty()) ::SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
  if (suites.empty() || ::SSL_CTX_set_cipher_list(context, Joined(suites).c_str()) == 1) return {};
  return Failure(KeyAt("cipher_suites", config.cipher_suites_at), "none is served here: " + LastError());
}

// Go's names of curves, as the format has them, are the library's with "Curve" before and "-" within.
Result ChooseCurves(SSL_CTX* context, const TlsConfig& config) {
  std::vector<std::string> curves = config.curve_preferences;
  for (std::string& curve : curves) {
    if (curve.starts_with("CurveP")) curve = "P-" + curve.substr(std::string_view("CurveP").size());
  }
  if (curves.empty() || ::SSL_CTX_set1_groups_list(context, Joined(curves).c_str()) == 1) return {};
  return Failure(KeyAt("curve_preferences", config.curve_preferences_at), "none is served here: " + LastError());
}

Result ChooseProtocol(SSL_CTX* context, const TlsConfig& config) {
  // Older versions hash with SHA-1, which the library takes for too weak unless it is told.
  if (config.min_version < TlsVersion::kTls12) ::SSL_CTX_set_security_level(context, 0);
  ::SSL_CTX_set_min_proto_version(context, NumberOf(config.min_version));
  ::SSL_CTX_set_max_proto_version(context, NumberOf(config.max_version));
  ::SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  ::SSL_CTX_set_num_tickets(context, 0);
  ::SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  // A connection that is idle needs no buffers.
  ::SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
  if (config.prefer_server_cipher_suites) ::SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
  if (auto chosen = ChooseSuites(context, config); !chosen) return chosen;
  return ChooseCurves(context, config);
}

// RFC 7301. A client that offers protocols, and none of these, gets the alert no_application_protocol.
int ChooseApplicationProtocol(SSL* /*tls*/, const unsigned char** chosen, unsigned char* chosen_size,
                              const unsigned char* offered, unsigned int offered_size, void* /*unused*/) {
  static constexpr unsigned char kServed[] = "\x08http/1.1\x08http/1.0";
  unsigned char* selected = nullptr;
  const int result =
      ::SSL_select_next_proto(&selected, chosen_size, kServed, sizeof(kServed) - 1, offered, offered_size);
  if (result != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = selected;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

std::expected<std::shared_ptr<ssl::context>, std::string> MakeTlsContext(const TlsConfig& config,
                                                                         ssl::context* certificate) {
  ::ERR_clear_error();
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  if (certificate != nullptr) {
    if (auto used = UseCertificateOf(context->native_handle(), certificate->native_handle()); !used) {
      return std::unexpected(used.error());
    }
  } else {
    for (const auto& step : {UseCertificate, UseKey}) {
      if (auto done = step(*context, config); !done) return std::unexpected(done.error());
    }
  }
  if (auto used = UseClientCa(*context, config); !used) return std::unexpected(used.error());
  if (auto chosen = ChooseProtocol(context->native_handle(), config); !chosen) return std::unexpected(chosen.error());
  ::SSL_CTX_set_alpn_select_cb(context->native_handle(), ChooseApplicationProtocol, nullptr);
  AskClients(*context, config);
  return context;
}

void PrepareTls() { const ssl::context made{ssl::context::tls_server}; }

}  // namespace mqueue::access
