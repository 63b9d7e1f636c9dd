#include "daemon/access/certificate_lines.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>

namespace mqueue::access {
namespace {

struct Free {
  void operator()(BIO* bio) const { ::BIO_free(bio); }
  void operator()(X509* certificate) const { ::X509_free(certificate); }
};

// The offset of the next line at or behind `from` that begins a certificate.
std::size_t NextCertificate(std::string_view pem, std::size_t from) {
  constexpr std::string_view kBegin = "-----BEGIN ";
  for (std::size_t at = pem.find(kBegin, from); at != std::string_view::npos; at = pem.find(kBegin, at + 1)) {
    const std::string_view line = pem.substr(at, pem.find_first_of("\r\n", at) - at);
    if (line.find("CERTIFICATE--") != std::string_view::npos) return at;
  }
  return std::string_view::npos;
}

}  // namespace

bool HasCertificate(std::string_view pem) { return NextCertificate(pem, 0) != std::string_view::npos; }

std::size_t BadCertificateLine(std::string_view pem) {
  const std::unique_ptr<BIO, Free> bio(::BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) return 0;
  std::size_t good = 0;
  while (std::unique_ptr<X509, Free>(::PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr))) {
    good = pem.size() - ::BIO_ctrl_pending(bio.get());
  }
  ::ERR_clear_error();
  const std::size_t bad = NextCertificate(pem, good);
  if (bad == std::string_view::npos) return 0;
  return 1 + static_cast<std::size_t>(std::ranges::count(pem.substr(0, bad), '\n'));
}

}  // namespace mqueue::access
