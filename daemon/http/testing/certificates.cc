#include "daemon/http/testing/certificates.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstdlib>

namespace mqueue::http::testing {
namespace {

template <auto kFree>
struct Free {
  template <typename T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Bio = std::unique_ptr<BIO, Free<BIO_free_all>>;

constexpr std::chrono::hours kDay{24};

long Seconds(std::chrono::seconds duration) { return static_cast<long>(duration.count()); }

void Require(bool worked) {
  if (worked) return;
  ADD_FAILURE() << "the TLS library cannot make a certificate";
  std::abort();
}

std::string Contents(BIO* bio) {
  char* bytes = nullptr;
  const long size = ::BIO_get_mem_data(bio, &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string ToPem(X509* certificate) {
  const Bio bio(::BIO_new(::BIO_s_mem()));
  Require(::PEM_write_bio_X509(bio.get(), certificate) == 1);
  return Contents(bio.get());
}

std::string ToPem(EVP_PKEY* key) {
  const Bio bio(::BIO_new(::BIO_s_mem()));
  Require(::PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return Contents(bio.get());
}

void AddExtension(X509* certificate, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  ::X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Free<X509_EXTENSION_free>> extension(
      ::X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str()));
  Require(extension && ::X509_add_ext(certificate, extension.get(), -1) == 1);
}

Certificate Unsigned(const std::string& name, EVP_PKEY* key, std::chrono::seconds lifetime) {
  static std::atomic<long> serial = 1;
  Certificate certificate(::X509_new());
  ::X509_set_version(certificate.get(), 2);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(certificate.get()), serial++);
  ::X509_gmtime_adj(::X509_getm_notBefore(certificate.get()), -Seconds(kDay));
  ::X509_gmtime_adj(::X509_getm_notAfter(certificate.get()), Seconds(lifetime));
  Require(::X509_set_pubkey(certificate.get(), key) == 1);
  Require(::X509_NAME_add_entry_by_txt(::X509_get_subject_name(certificate.get()), "CN", MBSTRING_ASC,
                                       reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0) == 1);
  return certificate;
}

template <typename Read>
auto FromPem(const std::string& pem, const Read& read) {
  const Bio bio(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return read(bio.get(), nullptr, nullptr, nullptr);
}

void Show(SSL_CTX* context, const KeyPair& own) {
  const Certificate certificate(FromPem(own.certificate, ::PEM_read_bio_X509));
  const Key key(FromPem(own.key, ::PEM_read_bio_PrivateKey));
  Require(::SSL_CTX_use_certificate(context, certificate.get()) == 1);
  Require(::SSL_CTX_use_PrivateKey(context, key.get()) == 1);
}

}  // namespace

struct Authority::Parts {
  Key key;
  Certificate certificate;
};

Authority::Authority(const std::string& name, const Authority* issuer) : parts_(std::make_unique<Parts>()) {
  parts_->key.reset(EVP_EC_gen("P-256"));
  Require(parts_->key != nullptr);
  parts_->certificate = Unsigned(name, parts_->key.get(), kDay);
  X509* certificate = parts_->certificate.get();
  const Parts& signer = issuer == nullptr ? *parts_ : *issuer->parts_;
  ::X509_set_issuer_name(certificate, ::X509_get_subject_name(signer.certificate.get()));
  AddExtension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  Require(::X509_sign(certificate, signer.key.get(), ::EVP_sha256()) > 0);
}

Authority::~Authority() = default;

std::string Authority::certificate() const { return ToPem(parts_->certificate.get()); }

KeyPair Authority::Issue(const std::string& name, const std::string& alternative_names,
                         std::chrono::seconds lifetime) const {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = Unsigned(name, key.get(), lifetime);
  ::X509_set_issuer_name(certificate.get(), ::X509_get_subject_name(parts_->certificate.get()));
  if (!alternative_names.empty()) AddExtension(certificate.get(), NID_subject_alt_name, alternative_names);
  Require(::X509_sign(certificate.get(), parts_->key.get(), ::EVP_sha256()) > 0);
  return {.certificate = ToPem(certificate.get()), .key = ToPem(key.get())};
}

void FreeContext::operator()(SSL_CTX* context) const { ::SSL_CTX_free(context); }

Context ServerContext(const KeyPair& own) {
  Context context(::SSL_CTX_new(::TLS_server_method()));
  Show(context.get(), own);
  return context;
}

Context ClientContext(const KeyPair& own, const std::string& chain) {
  Context context(::SSL_CTX_new(::TLS_client_method()));
  if (!own.certificate.empty()) Show(context.get(), own);
  if (!chain.empty()) {
    const Certificate intermediate(FromPem(chain, ::PEM_read_bio_X509));
    Require(SSL_CTX_add1_chain_cert(context.get(), intermediate.get()) == 1);
  }
  return context;
}

}  // namespace mqueue::http::testing
