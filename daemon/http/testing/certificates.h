#ifndef DAEMON_HTTP_TESTING_CERTIFICATES_H_
#define DAEMON_HTTP_TESTING_CERTIFICATES_H_

#include <openssl/types.h>

#include <chrono>
#include <memory>
#include <string>

namespace mqueue::http::testing {

/// A certificate and its private key, in PEM.
struct KeyPair {
  std::string certificate;
  std::string key;
};

/// Makes certificates on the curve P-256. Ends the test if the library fails.
class Authority {
 public:
  /// Makes a CA, which signs itself or is signed by `issuer`. Valid for a day.
  explicit Authority(const std::string& name, const Authority* issuer = nullptr);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  /// The CA's certificate, in PEM.
  std::string certificate() const;

  /// A certificate with this common name. `alternative_names` are as openssl(1) writes them: "DNS:a.example,IP:::1".
  /// It expires after `lifetime`, which may be negative.
  KeyPair Issue(const std::string& name, const std::string& alternative_names = "",
                std::chrono::seconds lifetime = std::chrono::hours(24)) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

struct FreeContext {
  void operator()(SSL_CTX* context) const;
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;

/// A server that shows this certificate.
Context ServerContext(const KeyPair& own);

/// A client that shows this certificate, or none, and trusts every server. It sends `chain`, the certificate of an
/// intermediate CA in PEM, with its own.
Context ClientContext(const KeyPair& own = {}, const std::string& chain = "");

}  // namespace mqueue::http::testing

#endif  // DAEMON_HTTP_TESTING_CERTIFICATES_H_
