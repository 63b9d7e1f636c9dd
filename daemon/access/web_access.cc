#include "daemon/access/web_access.h"

#include <openssl/crypto.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "daemon/access/credentials.h"
#include "daemon/access/tls_context.h"
#include "daemon/access/weakening.h"

namespace mqueue::access {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kBusyPause{1};

bool IsSameTransport(const WebConfig& one, const WebConfig& other) {
  if (!one.tls || !other.tls) return one.tls.has_value() == other.tls.has_value();
  return one.tls->min_version == other.tls->min_version && one.tls->client_auth == other.tls->client_auth &&
         one.tls->client_ca.text == other.tls->client_ca.text &&
         one.tls->client_allowed_sans == other.tls->client_allowed_sans;
}

http::Response AskForLogin() {
  http::Response response = http::TextResponse(401, "log in with a user and a password of the web configuration");
  response.fields.push_back({"WWW-Authenticate", "Basic realm=\"mqueue_exporter\", charset=\"UTF-8\""});
  return response;
}

std::string Joined(const std::vector<std::string>& keys) {
  std::string list;
  for (const auto& key : keys) list += (list.empty() ? "" : ", ") + key;
  return list;
}

// The TLS context holds the key.
WebConfig WithoutKey(WebConfig config) {
  if (!config.tls) return config;
  std::string& key = config.tls->key.text;
  ::OPENSSL_cleanse(key.data(), key.size());
  key.clear();
  return config;
}

}  // namespace

std::expected<void, yaml::Errors> CheckWebConfig(const std::string& file) {
  const WebFiles files(file);
  const auto& config = files.config();
  if (!config) return std::unexpected(config.error());
  const auto& tls = config->tls;
  if (!tls) return {};
  const auto context = MakeTlsContext(*tls);
  if (!context) return std::unexpected(yaml::Errors{file + ": " + context.error()});
  return {};
}

std::expected<std::shared_ptr<WebAccess>, yaml::Errors> WebAccess::Open(std::string file, log::Log log,
                                                                        Observer observer) {
  std::shared_ptr<WebAccess> access(new WebAccess(std::move(file), std::move(log), std::move(observer)));
  const WebFiles files(access->file_);
  Verdict verdict = access->Judge(files, false);
  if (!verdict.refused.empty()) return std::unexpected(std::move(verdict.refused));
  access->Decide(files, std::move(verdict));
  return access;
}

void WebAccess::Watch(asio::io_context& context) {
  timer_.emplace(context);
  WaitForPoll();
}

void WebAccess::WaitForPoll() {
  if (!timer_) return;
  timer_->expires_after(kSettleTime);
  timer_->async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self || !self->timer_) return;
    self->Poll(std::chrono::steady_clock::now());
    self->WaitForPoll();
  });
}

void WebAccess::Poll(TimePoint now) {
  if (!candidate_ && complete_ && !stamps_.Changed()) return;
  try {
    Consider(WebFiles(file_), false, now);
  } catch (const std::exception& error) {
    log_.Error("web configuration not checked for changes; the next attempt follows in a second",
               {{"error", error.what()}});
  }
}

std::expected<void, yaml::Errors> WebAccess::Reload(bool may_weaken, TimePoint now) {
  const WebFiles files(file_);
  Verdict verdict = Judge(files, may_weaken);
  yaml::Errors errors = verdict.refused;
  if (!verdict.certificate_error.empty()) errors.push_back(verdict.certificate_error);
  if (!IsDecided(files)) {
    Consider(files, may_weaken, now);
    if (candidate_) log_.Info("web configuration changed; it takes effect when it has stayed unchanged for a second");
  } else if (!refused_.empty() || certificate_kept_) {
    Report(verdict);
    Decide(files, std::move(verdict));
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  return {};
}

void WebAccess::HandshakeFailed(const std::string& reason) {
  // Whoever reaches the port could fill a log that is read.
  log_.Debug("a client was refused: no TLS came about", {{"reason", reason}});
}

asio::awaitable<std::optional<http::Response>> WebAccess::Refusal(const http::Request& request) {
  if (!refused_.empty() && !MayAskForReload(request)) {
    co_return http::TextResponse(500, "the web configuration is refused; the log of the exporter says what to do");
  }
  if (bucket_ && !bucket_->Take(std::chrono::steady_clock::now())) {
    co_return http::TextResponse(429, "more requests than rate_limit allows; ask later");
  }
  if (rules_.users.empty()) co_return std::nullopt;
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
  fields.reserve(rules_.headers.size());
  for (const auto& [name, value] : rules_.headers) fields.push_back({name, value});
  return fields;
}

std::vector<std::string> WebAccess::Files() const {
  std::vector<std::string> files = PemFilesOf(rules_);
  files.insert(files.begin(), file_);
  return files;
}

void WebAccess::Stop() {
  timer_.reset();
  logins_.Stop();
}

bool WebAccess::IsDecided(const WebFiles& files) const { return files.digest() == digest_; }

void WebAccess::Consider(const WebFiles& files, bool may_weaken, TimePoint now) {
  if (IsDecided(files)) {
    stamps_ = files.stamps();
    candidate_.reset();
    return;
  }
  if (!candidate_ || candidate_->digest != files.digest() || !(candidate_->stamps == files.stamps())) {
    candidate_ = {.stamps = files.stamps(), .digest = files.digest(), .since = now, .may_weaken = may_weaken};
    return;
  }
  candidate_->may_weaken |= may_weaken;
  if (now - candidate_->since < kSettleTime) return;
  Verdict verdict = Judge(files, candidate_->may_weaken);
  Report(verdict);
  Decide(files, std::move(verdict));
}

WebAccess::Verdict WebAccess::Judge(const WebFiles& files, bool may_weaken) const {
  Verdict verdict;
  const auto refuse = [&](const std::string& what) { verdict.refused.push_back(file_ + ": " + what); };
  if (!files.config()) {
    verdict.refused = files.config().error();
    return verdict;
  }
  const WebConfig& config = *files.config();
  verdict.weakened = Weakened(rules_, config);
  if (TurnsTlsOff(rules_, config)) {
    refuse(
        "tls_server_config is missing and TLS cannot be turned off at run time; put it back, or restart the exporter");
  } else if (!verdict.weakened.empty() && !may_weaken) {
    refuse("protects less than before: " + Joined(verdict.weakened) +
           "; put back what is missing, or confirm the change by SIGHUP, by POST /-/reload with a login, or by a "
           "restart");
  }
  if (!config.tls || !verdict.refused.empty()) return verdict;
  auto tls = MakeTlsContext(*config.tls);
  if (!tls && tls_) {
    verdict.certificate_error = file_ + ": " + tls.error();
    tls = MakeTlsContext(*config.tls, tls_.get());
  }
  if (tls) {
    verdict.tls = *std::move(tls);
  } else {
    verdict.certificate_error.clear();
    refuse(tls.error());
  }
  return verdict;
}

void WebAccess::Decide(const WebFiles& files, Verdict verdict) {
  stamps_ = files.stamps();
  digest_ = files.digest();
  complete_ = files.complete();
  candidate_.reset();
  refused_ = std::move(verdict.refused);
  certificate_kept_ = !verdict.certificate_error.empty();
  if (refused_.empty()) {
    Use(*files.config());
    tls_ = std::move(verdict.tls);
  }
  observer_(refused_.empty() && !certificate_kept_);
}

void WebAccess::Report(const Verdict& verdict) const {
  for (const auto& error : verdict.refused) {
    log_.Error("web configuration refused; every request is answered 500", {{"error", error}});
  }
  if (!verdict.refused.empty()) return;
  if (!verdict.certificate_error.empty()) {
    log_.Error("certificate not reloaded; the previous one stays in use", {{"error", verdict.certificate_error}});
  }
  if (verdict.weakened.empty()) {
    log_.Info("web configuration reloaded", {{"file", file_}});
  } else {
    log_.Warn("web configuration reloaded and protects less than before, as an explicit reload asked for",
              {{"file", file_}, {"weakened", Joined(verdict.weakened)}});
  }
}

void WebAccess::Use(const WebConfig& config) {
  if (config.rate_limit != rules_.rate_limit) {
    bucket_.reset();
    if (config.rate_limit) bucket_.emplace(config.rate_limit->interval, config.rate_limit->burst);
  }
  logins_.Replace(config.users);
  if (config.http2 && !rules_.http2) {
    log_.Info("the web configuration asks for HTTP/2, which is not spoken here: clients are served by HTTP/1.1");
  }
  if (!IsSameTransport(config, rules_)) ++transport_version_;
  rules_ = WithoutKey(config);
}

bool WebAccess::MayAskForReload(const http::Request& request) const {
  return RequiresLogin() && request.path == http::kReloadPath;
}

}  // namespace mqueue::access
