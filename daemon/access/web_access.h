#ifndef DAEMON_ACCESS_WEB_ACCESS_H_
#define DAEMON_ACCESS_WEB_ACCESS_H_

#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/access/file_stamps.h"
#include "daemon/access/logins.h"
#include "daemon/http/access.h"
#include "daemon/http/token_bucket.h"
#include "daemon/log/log.h"
#include "daemon/settings/web_config.h"

namespace mqueue::access {

/// What a web configuration comes to, with everything read that it names.
struct WebRules {
  settings::WebConfig config;
  /// Null without TLS.
  std::shared_ptr<boost::asio::ssl::context> tls;
};

/// Reads the file and those that it names. The errors are lines for the user, which begin with the file.
std::expected<WebRules, settings::LoadErrors> LoadWebRules(const std::string& file);

/// The files that a configuration names.
std::vector<std::string> FilesOf(const settings::WebConfig& config);

/// Serves whom the file of --web.config.file lets in. It is read again when it, or a file that it names, is another:
/// for the next connection and the next request. While it is broken, every request is answered 500, over the TLS of the
/// last one that was not: it may have been meant to keep somebody out.
class WebAccess final : public http::Access {
 public:
  /// Fails as LoadWebRules does. `file` is absolute if the process changes its directory.
  static std::expected<std::shared_ptr<WebAccess>, settings::LoadErrors> Open(std::string file, log::Log log);

  std::shared_ptr<boost::asio::ssl::context> Tls() override;
  void HandshakeFailed(const std::string& reason) override;
  boost::asio::awaitable<std::optional<http::Response>> Refusal(const http::Request& request) override;
  std::vector<http::HeaderField> Fields() override;

  /// The files that it reads now.
  std::vector<std::string> Files() const;

  /// See Logins::Stop.
  void Stop() { logins_.Stop(); }

 private:
  WebAccess(std::string file, log::Log log) : file_(std::move(file)), log_(std::move(log)) {}
  std::expected<void, settings::LoadErrors> Load();
  void LoadIfChanged();
  void Use(WebRules rules);

  const std::string file_;
  const log::Log log_;
  WebRules rules_;
  std::vector<FileStamps> stamps_;
  // What was wrong when the file was last read; empty: nothing.
  settings::LoadErrors errors_;
  std::optional<http::TokenBucket> bucket_;
  Logins logins_;
};

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_WEB_ACCESS_H_
