#ifndef DAEMON_ACCESS_WEB_ACCESS_H_
#define DAEMON_ACCESS_WEB_ACCESS_H_

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/access/logins.h"
#include "daemon/access/web_config.h"
#include "daemon/access/web_files.h"
#include "daemon/http/access.h"
#include "daemon/http/token_bucket.h"
#include "daemon/log/log.h"

namespace mqueue::access {

/// Checks the web configuration and the files that it names. The errors are lines for the user, which begin with the
/// file.
std::expected<void, yaml::Errors> CheckWebConfig(const std::string& file);

/// Enforces the file of --web.config.file: TLS, authentication, rate limit, header fields.
///
/// A change of the file, or of a file that it names, takes effect when two readings at least kSettleTime apart found
/// the same bytes in files that were not touched in between. Until then the rules in force stay. Then
/// - a certificate or key that cannot be used is logged and the previous one stays in use;
/// - a file that is broken or unreadable, or that protects less than the rules in force (see Weakened), is refused:
///   every request is answered 500, over the TLS in force, until the file is repaired;
/// - connections that began under other rules for TLS or for client certificates are closed at their next request;
/// - a weaker file takes effect with a warning if Reload allowed it, unless it turns TLS off.
///
/// Every method is called on the thread of one io_context, or while it does not run.
class WebAccess final : public http::Access, public std::enable_shared_from_this<WebAccess> {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  /// Told whether all of the configuration is in force, each time that changed files were read.
  using Observer = std::function<void(bool successful)>;

  static constexpr std::chrono::seconds kSettleTime{1};

  /// Fails as CheckWebConfig does. `file` is absolute if the process changes its directory.
  static std::expected<std::shared_ptr<WebAccess>, yaml::Errors> Open(std::string file, log::Log log,
                                                                      Observer observer);

  /// Checks the files for changes once per kSettleTime, until Stop.
  void Watch(boost::asio::io_context& context);

  /// Checks the files for changes.
  void Poll(TimePoint now);

  /// Reads the files for somebody who asked for it. With `may_weaken`, what they hold now may weaken the rules. The
  /// change takes effect as described above, at once if the files were already settled. Returns what is wrong with
  /// the files as they are now.
  std::expected<void, yaml::Errors> Reload(bool may_weaken, TimePoint now);

  /// Whether every request that is not refused comes from a user with a password.
  bool RequiresLogin() const { return !rules_.users.empty(); }

  std::shared_ptr<boost::asio::ssl::context> Tls() override { return tls_; }
  std::uint64_t TransportVersion() override { return transport_version_; }
  void HandshakeFailed(const std::string& reason) override;
  boost::asio::awaitable<std::optional<http::Response>> Refusal(const http::Request& request) override;
  std::vector<http::HeaderField> Fields() override;

  /// The files that are read.
  std::vector<std::string> Files() const;

  /// Stops watching. See also Logins::Stop.
  void Stop();

 private:
  // Files that have changed and are not settled.
  struct Candidate {
    FileStamps stamps;
    WebFiles::Digest digest;
    TimePoint since;
    bool may_weaken = false;
  };
  // What files that were read come to.
  struct Verdict {
    // Why they are refused; empty if they are not.
    yaml::Errors refused;
    // Why the previous certificate stays in use; empty if it does not.
    std::string certificate_error;
    // The keys by which they protect less than the rules in force.
    std::vector<std::string> weakened;
    std::shared_ptr<boost::asio::ssl::context> tls;
  };

  WebAccess(std::string file, log::Log log, Observer observer)
      : file_(std::move(file)), log_(std::move(log)), observer_(std::move(observer)) {}
  void WaitForPoll();
  void Consider(const WebFiles& files, bool may_weaken, TimePoint now);
  bool IsDecided(const WebFiles& files) const;
  Verdict Judge(const WebFiles& files, bool may_weaken) const;
  void Decide(const WebFiles& files, Verdict verdict);
  void Report(const Verdict& verdict) const;
  void Use(const WebConfig& config);
  bool MayAskForReload(const http::Request& request) const;

  const std::string file_;
  const log::Log log_;
  const Observer observer_;

  // In force.
  WebConfig rules_;
  std::shared_ptr<boost::asio::ssl::context> tls_;
  // Counts changes of what a connection is made under: whether over TLS, its oldest version, and client certificates.
  std::uint64_t transport_version_ = 0;
  std::optional<http::TokenBucket> bucket_;
  Logins logins_;

  // The files that the last verdict was about.
  FileStamps stamps_;
  WebFiles::Digest digest_{};
  bool complete_ = true;
  yaml::Errors refused_;
  bool certificate_kept_ = false;

  std::optional<Candidate> candidate_;
  std::optional<boost::asio::steady_timer> timer_;
};

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_WEB_ACCESS_H_
