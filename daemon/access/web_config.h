#ifndef DAEMON_ACCESS_WEB_CONFIG_H_
#define DAEMON_ACCESS_WEB_CONFIG_H_

#include <chrono>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/yaml/problems.h"

namespace mqueue::access {

/// PEM, in a file or as a text of the configuration; at most one of the two is there.
struct Pem {
  std::string file;
  std::string text;
  /// Where the configuration names the file or has the text.
  yaml::Position at;

  bool empty() const { return file.empty() && text.empty(); }
};

/// What a client has to show, in the words of Go's crypto/tls, which the format has them from.
enum class ClientAuth : std::uint8_t { kNone, kRequest, kRequireAny, kVerifyIfGiven, kRequireAndVerify };

enum class TlsVersion : std::uint8_t { kTls10, kTls11, kTls12, kTls13 };

/// tls_server_config.
struct TlsConfig {
  Pem certificate;
  Pem key;
  ClientAuth client_auth = ClientAuth::kNone;
  Pem client_ca;
  /// Of which a verified client's certificate must have one, as DNS name, IP address, mail address or URI.
  std::vector<std::string> client_allowed_sans;
  TlsVersion min_version = TlsVersion::kTls12;
  TlsVersion max_version = TlsVersion::kTls13;
  /// Names of IANA's registry, of TLS 1.2 and before; empty for the library's own choice.
  std::vector<std::string> cipher_suites;
  yaml::Position cipher_suites_at;
  bool prefer_server_cipher_suites = true;
  /// CurveP256, CurveP384, CurveP521, X25519; empty for the library's own choice.
  std::vector<std::string> curve_preferences;
  yaml::Position curve_preferences_at;
};

/// rate_limit: requests that a token bucket lets through.
struct RateLimit {
  /// In which one token is added; more than 0.
  std::chrono::nanoseconds interval{};
  /// Tokens that the bucket holds; 1 or more. Times `interval` it is at most 100 years.
  std::uint64_t burst = 1;

  bool operator==(const RateLimit&) const = default;
};

/// What --web.config.file says: the format of Prometheus's exporter-toolkit. Default-constructed, it is what an empty
/// file says: HTTP without a login.
struct WebConfig {
  std::optional<TlsConfig> tls;
  /// Whether the file asks for HTTP/2: accepted and without effect, the server speaks HTTP/1.1.
  bool http2 = false;
  /// Header fields of every response, in the order of the text.
  std::vector<std::pair<std::string, std::string>> headers;
  /// Users and their bcrypt hashes.
  std::map<std::string, std::string> users;
  /// Absent: no limit.
  std::optional<RateLimit> rate_limit;
};

/// Reads the text of a web configuration. `file` is its path: it stands before every error, and names of files in the
/// text are relative to its directory. Fails with every mistake at once; unknown keys are mistakes. Whether the files
/// that it names exist and hold what they should is for the one who opens them.
std::expected<WebConfig, yaml::Errors> ParseWebConfig(std::string_view text, std::string_view file);

/// Reads the file.
std::expected<WebConfig, yaml::Errors> LoadWebConfig(const std::string& file);

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_WEB_CONFIG_H_
