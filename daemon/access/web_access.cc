#include "daemon/access/web_access.h"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <utility>

#include "daemon/access/credentials.h"
#include "daemon/access/tls_context.h"

namespace mqueue::access {
namespace {

namespace asio = boost::asio;
using settings::LoadErrors;

constexpr std::chrono::seconds kBusyPause{1};

bool IsSame(const std::optional<settings::RateLimit>& one, const std::optional<settings::RateLimit>& other) {
  if (!one || !other) return one.has_value() == other.has_value();
  return one->interval == other->interval && one->burst == other->burst;
}

http::Response AskForLogin() {
  http::Response response = http::TextResponse(401, "log in with a user and a password of the web configuration");
  response.fields.push_back({"WWW-Authenticate", "Basic realm=\"mqueue_exporter\", charset=\"UTF-8\""});
  return response;
}

std::expected<WebRules, LoadErrors> WithFiles(settings::WebConfig config, const std::string& file) {
  WebRules rules{.config = std::move(config), .tls = nullptr};
  if (!rules.config.tls) return rules;
  auto tls = MakeTlsContext(*rules.config.tls);
  if (!tls) return std::unexpected(LoadErrors{file + ": " + tls.error()});
  rules.tls = *std::move(tls);
  return rules;
}

}  // namespace

std::expected<WebRules, LoadErrors> LoadWebRules(const std::string& file) {
  auto config = settings::LoadWebConfig(file);
  if (!config) return std::unexpected(config.error());
  return WithFiles(*std::move(config), file);
}

std::vector<std::string> FilesOf(const settings::WebConfig& config) {
  std::vector<std::string> files;
  if (!config.tls) return files;
  for (const settings::Pem* pem : {&config.tls->certificate, &config.tls->key, &config.tls->client_ca}) {
    if (!pem->file.empty()) files.push_back(pem->file);
  }
  return files;
}

std::expected<std::shared_ptr<WebAccess>, LoadErrors> WebAccess::Open(std::string file, log::Log log) {
  std::shared_ptr<WebAccess> access(new WebAccess(std::move(file), std::move(log)));
  if (auto loaded = access->Load(); !loaded) return std::unexpected(loaded.error());
  return access;
}

std::shared_ptr<asio::ssl::context> WebAccess::Tls() {
  LoadIfChanged();
  return rules_.tls;
}

void WebAccess::HandshakeFailed(const std::string& reason) {
  // Whoever reaches the port could fill a log that is read.
  log_.Debug("a client was refused: no TLS came about", {{"reason", reason}});
}

asio::awaitable<std::optional<http::Response>> WebAccess::Refusal(const http::Request& request) {
  LoadIfChanged();
  if (!errors_.empty()) {
    co_return http::TextResponse(500, "the web configuration is broken; the exporter's log says where");
  }
  if (bucket_ && !bucket_->Take(std::chrono::steady_clock::now())) {
    co_return http::TextResponse(429, "more requests than rate_limit allows; ask later");
  }
  if (rules_.config.users.empty()) co_return std::nullopt;
  auto credentials = ParseBasic(request.authorization);
  if (!credentials) co_return AskForLogin();
  switch (co_await logins_.Check(*std::move(credentials))) {
    case Logins::Verdict::kRight:
      co_return std::nullopt;
    case Logins::Verdict::kWrong:
      co_return AskForLogin();
    case Logins::Verdict::kBusy:
      break;
  }
  // Whoever tries passwords by the thousand tries them slowly.
  asio::steady_timer pause(co_await asio::this_coro::executor, kBusyPause);
  co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
  co_return http::TextResponse(503, "too many passwords are being checked; ask again soon");
}

std::vector<http::HeaderField> WebAccess::Fields() {
  std::vector<http::HeaderField> fields;
  fields.reserve(rules_.config.headers.size());
  for (const auto& [name, value] : rules_.config.headers) fields.push_back({name, value});
  return fields;
}

std::vector<std::string> WebAccess::Files() const {
  std::vector<std::string> files{file_};
  for (auto& file : FilesOf(rules_.config)) files.push_back(std::move(file));
  return files;
}

std::expected<void, LoadErrors> WebAccess::Load() {
  // Each file's stamp is older than what was read of it.
  stamps_.clear();
  stamps_.emplace_back(std::vector{file_});
  auto config = settings::LoadWebConfig(file_);
  if (!config) return std::unexpected(config.error());
  stamps_.emplace_back(FilesOf(*config));
  auto rules = WithFiles(*std::move(config), file_);
  if (!rules) return std::unexpected(rules.error());
  Use(*std::move(rules));
  return {};
}

void WebAccess::LoadIfChanged() {
  const auto changed = [](const FileStamps& stamps) { return stamps.Changed(); };
  if (std::ranges::none_of(stamps_, changed)) return;
  const auto before = stamps_;
  auto loaded = Load();
  errors_ = loaded ? LoadErrors{} : std::move(loaded.error());
  // A change is read more than once and told once.
  if (stamps_ == before) return;
  for (const auto& error : errors_) {
    log_.Error("web configuration broken; every request is answered 500", {{"error", error}});
  }
  if (errors_.empty()) log_.Info("web configuration read again", {{"file", file_}});
}

void WebAccess::Use(WebRules rules) {
  if (!IsSame(rules.config.rate_limit, rules_.config.rate_limit)) {
    bucket_.reset();
    if (rules.config.rate_limit) bucket_.emplace(rules.config.rate_limit->interval, rules.config.rate_limit->burst);
  }
  logins_.Replace(rules.config.users);
  if (rules.config.http2 && !rules_.config.http2) {
    log_.Info("the web configuration asks for HTTP/2, which is not spoken here: clients are served by HTTP/1.1");
  }
  rules_ = std::move(rules);
}

}  // namespace mqueue::access
