#ifndef DAEMON_HTTP_TESTING_CERTIFICATES_H_
#define DAEMON_HTTP_TESTING_CERTIFICATES_H_

#include <openssl/types.h>

#include <memory>
#include <string>

namespace mqueue::http::testing {

/// A certificate and its private key, in PEM.
struct KeyPair {
  std::string certificate;
  std::string key;
};

/// Makes certificates on the curve P-256 that are valid for a day. Fails the test when the library does.
class Authority {
 public:
  /// Makes a CA.
  explicit Authority(const std::string& name);
  ~Authority();
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  /// The CA's certificate, in PEM.
  std::string certificate() const;

  /// A certificate with this common name. `alternative_names` are as openssl(1) writes them: "DNS:a.example,IP:::1".
  KeyPair Issue(const std::string& name, const std::string& alternative_names = "") const;

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

/// A client that shows this certificate, or none, and trusts every server.
Context ClientContext(const KeyPair& own = {});

}  // namespace mqueue::http::testing

#endif  // DAEMON_HTTP_TESTING_CERTIFICATES_H_
