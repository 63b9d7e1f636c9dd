#ifndef DAEMON_ACCESS_TEST_CERTIFICATES_H_
#define DAEMON_ACCESS_TEST_CERTIFICATES_H_

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace mqueue::access {

struct OpenSslFree {
  void operator()(X509* certificate) const { ::X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { ::EVP_PKEY_free(key); }
  void operator()(BIO* bio) const { ::BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { ::X509_EXTENSION_free(extension); }
};

/// A certificate and its key, for a test.
struct Identity {
  std::unique_ptr<X509, OpenSslFree> certificate;
  std::unique_ptr<EVP_PKEY, OpenSslFree> key;

  std::string CertificatePem() const {
    const std::unique_ptr<BIO, OpenSslFree> bio(::BIO_new(::BIO_s_mem()));
    ::PEM_write_bio_X509(bio.get(), certificate.get());
    return TextOf(*bio);
  }
  std::string KeyPem() const {
    const std::unique_ptr<BIO, OpenSslFree> bio(::BIO_new(::BIO_s_mem()));
    ::PEM_write_bio_PrivateKey(bio.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return TextOf(*bio);
  }

 private:
  static std::string TextOf(BIO& bio) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(&bio, &data);
    return {data, static_cast<std::size_t>(size)};
  }
};

inline void AddExtension(X509& certificate, int kind, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, OpenSslFree> extension(
      ::X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()));
  ::X509_add_ext(&certificate, extension.get(), -1);
}

struct IdentityOptions {
  /// Null: signs itself.
  const Identity* issuer = nullptr;
  bool is_ca = false;
  /// As "DNS:a.example"; empty for none.
  std::string names;
  /// From now.
  long valid_seconds = 3600;
};

inline Identity MakeIdentity(const std::string& name, const IdentityOptions& options) {
  static long serial = 1;
  Identity made;
  made.certificate.reset(::X509_new());
  made.key.reset(::EVP_EC_gen("P-256"));
  X509& certificate = *made.certificate;
  ::X509_set_version(&certificate, X509_VERSION_3);
  ::ASN1_INTEGER_set(::X509_get_serialNumber(&certificate), serial++);
  ::X509_gmtime_adj(::X509_getm_notBefore(&certificate), -7200);
  ::X509_gmtime_adj(::X509_getm_notAfter(&certificate), options.valid_seconds);
  ::X509_NAME_add_entry_by_txt(::X509_get_subject_name(&certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  const Identity& issuer = options.issuer == nullptr ? made : *options.issuer;
  ::X509_set_issuer_name(&certificate, ::X509_get_subject_name(issuer.certificate.get()));
  ::X509_set_pubkey(&certificate, made.key.get());
  AddExtension(certificate, NID_basic_constraints, options.is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
  if (!options.names.empty()) AddExtension(certificate, NID_subject_alt_name, options.names);
  ::X509_sign(&certificate, issuer.key.get(), ::EVP_sha256());
  return made;
}

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_TEST_CERTIFICATES_H_
