#include "daemon/access/web_config.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>

#include "daemon/access/web_scalars.h"
#include "daemon/text/ascii.h"
#include "daemon/text/nearest.h"
#include "daemon/text/quoted.h"
#include "daemon/yaml/config_file.h"
#include "daemon/yaml/fields.h"
#include "daemon/yaml/node.h"
#include "daemon/yaml/scalars.h"

namespace mqueue::access {
namespace {

using yaml::Field;
using yaml::Node;
using yaml::Problems;

template <typename T>
using Names = std::span<const std::pair<std::string_view, T>>;

constexpr std::pair<std::string_view, ClientAuth> kClientAuths[] = {
    {"NoClientCert", ClientAuth::kNone},
    {"RequestClientCert", ClientAuth::kRequest},
    {"RequireAnyClientCert", ClientAuth::kRequireAny},
    {"RequireClientCert", ClientAuth::kRequireAny},
    {"VerifyClientCertIfGiven", ClientAuth::kVerifyIfGiven},
    {"RequireAndVerifyClientCert", ClientAuth::kRequireAndVerify}};
constexpr std::pair<std::string_view, TlsVersion> kVersions[] = {{"TLS10", TlsVersion::kTls10},
                                                                 {"TLS11", TlsVersion::kTls11},
                                                                 {"TLS12", TlsVersion::kTls12},
                                                                 {"TLS13", TlsVersion::kTls13}};
constexpr std::string_view kCipherSuites[] = {"TLS_AES_128_GCM_SHA256",
                                              "TLS_AES_256_GCM_SHA384",
                                              "TLS_CHACHA20_POLY1305_SHA256",
                                              "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
                                              "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
                                              "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
                                              "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
                                              "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                                              "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                                              "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                                              "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                                              "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                                              "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                                              "TLS_RSA_WITH_AES_128_CBC_SHA",
                                              "TLS_RSA_WITH_AES_256_CBC_SHA",
                                              "TLS_RSA_WITH_AES_128_GCM_SHA256",
                                              "TLS_RSA_WITH_AES_256_GCM_SHA384"};
// Bounds of rate_limit, far above any use.
constexpr std::uint64_t kMostBurst = 1'000'000'000;
constexpr std::chrono::hours kLongestRefill{24 * 365 * 100};
constexpr std::string_view kCurves[] = {"CurveP256", "CurveP384", "CurveP521", "X25519"};

template <typename T>
void ReadNamed(const Node& value, Names<T> names, T& into, Problems& problems) {
  if (IsUnset(value)) return;
  std::string wanted;
  for (const auto& [name, named] : names) {
    if (value.kind == Node::Kind::kScalar && value.text == name) {
      into = named;
      return;
    }
    wanted += (wanted.empty() ? "one of " : ", ") + std::string(name);
  }
  AddUnfit(value, value.key, wanted, problems);
}

// A list of texts. Each must be one of `known`, unless that is empty. A known one that is repeated is kept once:
// OpenSSL refuses a list of curves with repetitions.
void ReadTexts(const Node& value, std::span<const std::string_view> known, std::vector<std::string>& into,
               Problems& problems) {
  if (!HasList(value, problems)) return;
  for (const Node& item : value.children) {
    if (item.kind != Node::Kind::kScalar || item.text.empty()) {
      AddUnfit(item, value.key, "a list of names", problems);
    } else if (!known.empty() && std::ranges::find(known, item.text) == known.end()) {
      problems.Add(item.at, fmt::format("{} has {}; {}", value.key, Quoted(item.text), Suggestion(item.text, known)));
    } else if (known.empty() || std::ranges::find(into, item.text) == into.end()) {
      into.push_back(item.text);
    }
  }
}

void ReadSans(const Node& value, std::vector<std::string>& into, Problems& problems) {
  if (value.kind == Node::Kind::kList && value.children.empty()) {
    return problems.Add(
        value.at,
        fmt::format("{} is an empty list, which refuses every client; name one or remove the key", value.key));
  }
  ReadTexts(value, {}, into, problems);
}

// Of a pair of keys for the same thing, the second one that is read says so.
void ReadPem(const Node& value, std::string Pem::* member, Pem& into, Problems& problems) {
  if (IsUnset(value)) return;
  into.at = value.at;
  if (!into.empty()) {
    problems.Add(value.key_at, fmt::format("{} is given by text and by file; keep one of the two", value.key));
  }
  ReadText(value, "a path, or a text in PEM", into.*member, problems);
}

constexpr Field<TlsConfig> kTlsFields[] = {
    {"cert", [](auto& v, auto& s, auto& p) { ReadPem(v, &Pem::text, s.certificate, p); }},
    {"cert_file", [](auto& v, auto& s, auto& p) { ReadPem(v, &Pem::file, s.certificate, p); }},
    {"key", [](auto& v, auto& s, auto& p) { ReadPem(v, &Pem::text, s.key, p); }},
    {"key_file", [](auto& v, auto& s, auto& p) { ReadPem(v, &Pem::file, s.key, p); }},
    {"client_ca", [](auto& v, auto& s, auto& p) { ReadPem(v, &Pem::text, s.client_ca, p); }},
    {"client_ca_file", [](auto& v, auto& s, auto& p) { ReadPem(v, &Pem::file, s.client_ca, p); }},
    {"client_auth_type", [](auto& v, auto& s, auto& p) { ReadNamed<ClientAuth>(v, kClientAuths, s.client_auth, p); }},
    {"client_allowed_sans", [](auto& v, auto& s, auto& p) { ReadSans(v, s.client_allowed_sans, p); }},
    {"min_version", [](auto& v, auto& s, auto& p) { ReadNamed<TlsVersion>(v, kVersions, s.min_version, p); }},
    {"max_version", [](auto& v, auto& s, auto& p) { ReadNamed<TlsVersion>(v, kVersions, s.max_version, p); }},
    {"cipher_suites",
     [](auto& v, auto& s, auto& p) {
       s.cipher_suites_at = v.at;
       ReadTexts(v, kCipherSuites, s.cipher_suites, p);
     }},
    {"prefer_server_cipher_suites",
     [](auto& v, auto& s, auto& p) { ReadWebBool(v, s.prefer_server_cipher_suites, p); }},
    {"curve_preferences",
     [](auto& v, auto& s, auto& p) {
       s.curve_preferences_at = v.at;
       ReadTexts(v, kCurves, s.curve_preferences, p);
     }},
};

bool Verifies(ClientAuth auth) { return auth == ClientAuth::kVerifyIfGiven || auth == ClientAuth::kRequireAndVerify; }

void CheckTls(const Node& value, const TlsConfig& tls, Problems& problems) {
  const auto add = [&](std::string what) { problems.Add(value.key_at, "tls_server_config: " + std::move(what)); };
  if (tls.certificate.empty()) add("there is no certificate; name one in cert_file");
  if (tls.key.empty()) add("there is no key; name one in key_file");
  if (tls.max_version < tls.min_version) add("max_version is below min_version; raise it");
  if (!tls.client_ca.empty() && tls.client_auth == ClientAuth::kNone) {
    add("there is a client CA and no client_auth_type; write RequireAndVerifyClientCert");
  }
  if (tls.client_ca.empty() && Verifies(tls.client_auth)) {
    add("client_auth_type verifies clients and there is no CA to do it by; name one in client_ca_file");
  }
  if (!tls.client_allowed_sans.empty() && !Verifies(tls.client_auth)) {
    add("client_allowed_sans takes verified clients; write client_auth_type: RequireAndVerifyClientCert");
  }
}

void ReadTls(const Node& value, std::optional<TlsConfig>& into, Problems& problems) {
  // As in the format, a mapping without anything is no TLS.
  if (!HasMapping(value, problems) || value.children.empty()) return;
  TlsConfig tls;
  yaml::ReadMapping<TlsConfig>(value, kTlsFields, tls, problems);
  CheckTls(value, tls, problems);
  into = std::move(tls);
}

// The header fields that the format knows, and the values of those that have but a few.
struct HeaderRule {
  std::string_view name;
  std::vector<std::string_view> values;
};

const std::vector<HeaderRule>& HeaderRules() {
  static const std::vector<HeaderRule> rules{{"Content-Security-Policy", {}},
                                             {"Strict-Transport-Security", {}},
                                             {"X-Content-Type-Options", {"nosniff"}},
                                             {"X-Frame-Options", {"deny", "sameorigin"}},
                                             {"X-XSS-Protection", {}}};
  return rules;
}

void ReadHeader(const Node& value, const HeaderRule& rule, std::vector<std::pair<std::string, std::string>>& into,
                Problems& problems) {
  const bool is_text = value.kind == Node::Kind::kScalar || value.kind == Node::Kind::kNull;
  auto text = is_text ? HeaderValue(value.text) : std::nullopt;
  if (!text) return AddUnfit(value, value.key, "printable ASCII", problems);
  // A client takes an empty field for an absent one.
  if (text->empty()) return;
  const bool known = rule.values.empty() || std::ranges::any_of(rule.values, [&](std::string_view one) {
                       return EqualsIgnoringCase(one, *text);
                     });
  if (!known) {
    std::string wanted;
    for (const auto& one : rule.values) wanted += (wanted.empty() ? "" : " or ") + std::string(one);
    return AddUnfit(value, value.key, wanted, problems);
  }
  into.emplace_back(rule.name, *std::move(text));
}

void ReadHeaders(const Node& value, std::vector<std::pair<std::string, std::string>>& into, Problems& problems) {
  if (!HasMapping(value, problems)) return;
  std::vector<std::string_view> known;
  std::ranges::transform(HeaderRules(), std::back_inserter(known), &HeaderRule::name);
  ReportUnknownKeys(value, known, problems);
  for (const HeaderRule& rule : HeaderRules()) {
    if (const Node* child = Find(value, rule.name)) ReadHeader(*child, rule, into, problems);
  }
}

constexpr Field<WebConfig> kHttpFields[] = {
    {"http2", [](auto& v, auto& s, auto& p) { ReadWebBool(v, s.http2, p); }},
    {"headers", [](auto& v, auto& s, auto& p) { ReadHeaders(v, s.headers, p); }},
};

void ReadUsers(const Node& value, std::map<std::string, std::string>& into, Problems& problems) {
  if (!HasMapping(value, problems)) return;
  for (const Node& user : value.children) {
    if (user.key.empty()) {
      problems.Add(user.key_at, "a user has an empty name; write a name");
    } else if (user.key.find(':') != std::string::npos) {
      problems.Add(user.key_at,
                   fmt::format("the user {} could not log in; write a name without a colon", Quoted(user.key)));
    } else if (user.kind != Node::Kind::kScalar || !IsBcryptHash(user.text)) {
      // The text is not shown: it may be the password.
      problems.Add(user.at, fmt::format("the password of {} is no bcrypt hash; make one with htpasswd -nBC 10 USER",
                                        Quoted(user.key)));
    } else {
      into.emplace(user.key, user.text);
    }
  }
}

void ReadBurst(const Node& value, RateLimit& into, Problems& problems) {
  if (value.kind == Node::Kind::kNull) return;
  // A burst of 0 refuses every request. It has no effect, and is common, where the limit is off.
  const std::uint64_t least = into.interval.count() == 0 ? 0 : 1;
  ReadInteger(value, {least, kMostBurst}, into.burst, problems);
}

// `interval` stands before `burst`, which depends on it.
constexpr Field<RateLimit> kRateLimitFields[] = {
    {"interval", [](auto& v, auto& s, auto& p) { ReadWebInterval(v, s.interval, p); }},
    {"burst", [](auto& v, auto& s, auto& p) { ReadBurst(v, s, p); }},
};

void ReadRateLimit(const Node& value, std::optional<RateLimit>& into, Problems& problems) {
  if (!HasMapping(value, problems)) return;
  RateLimit limit;
  yaml::ReadMapping<RateLimit>(value, kRateLimitFields, limit, problems);
  // An interval of 0 is no limit.
  if (limit.interval.count() == 0) return;
  if (limit.burst > static_cast<std::uint64_t>(kLongestRefill / limit.interval)) {
    problems.Add(value.key_at, "rate_limit: burst times interval is more than 100 years; lower one of them");
  }
  into = limit;
}

constexpr Field<WebConfig> kFields[] = {
    {"tls_server_config", [](auto& v, auto& s, auto& p) { ReadTls(v, s.tls, p); }},
    {"http_server_config", [](auto& v, auto& s, auto& p) { yaml::ReadMapping<WebConfig>(v, kHttpFields, s, p); }},
    {"basic_auth_users", [](auto& v, auto& s, auto& p) { ReadUsers(v, s.users, p); }},
    {"rate_limit", [](auto& v, auto& s, auto& p) { ReadRateLimit(v, s.rate_limit, p); }},
};

void MakeAbsolute(Pem& pem, const std::filesystem::path& directory) {
  if (!pem.file.empty()) pem.file = (directory / pem.file).lexically_normal();
}

}  // namespace

std::expected<WebConfig, yaml::Errors> ParseWebConfig(std::string_view text, std::string_view file) {
  // A password, its hash or a private key may stand where its key was forgotten.
  Problems problems(Problems::Texts::kSecret);
  WebConfig config;
  if (const auto root = yaml::Parse(text, problems)) yaml::ReadMapping<WebConfig>(*root, kFields, config, problems);
  if (!problems.empty()) return std::unexpected(problems.Lines(file));
  if (config.tls) {
    const auto directory = std::filesystem::path(file).parent_path();
    for (Pem* pem : {&config.tls->certificate, &config.tls->key, &config.tls->client_ca}) MakeAbsolute(*pem, directory);
  }
  return config;
}

std::expected<WebConfig, yaml::Errors> LoadWebConfig(const std::string& file) {
  const auto text = yaml::ReadConfigFile({.path = file, .required = true});
  if (!text) return std::unexpected(yaml::Errors{text.error()});
  return ParseWebConfig(*text, file);
}

}  // namespace mqueue::access
