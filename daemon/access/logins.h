#ifndef DAEMON_ACCESS_LOGINS_H_
#define DAEMON_ACCESS_LOGINS_H_

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "daemon/access/credentials.h"
#include "daemon/access/password_hash.h"

namespace mqueue::access {

/// Names and bcrypt hashes.
using Users = std::map<std::string, std::string>;

/// Checks passwords, one at a time, on a thread of its own that begins with the first. A password that was right is
/// known again at once, without being kept. A user who does not exist costs what a wrong password costs.
/// Everything is called on the thread of one io_context.
class Logins {
 public:
  enum class Verdict : std::uint8_t {
    kRight,
    kWrong,
    /// The password was not checked: kMostWaiting others are being checked, or memory or the thread is missing.
    kBusy,
  };
  static constexpr std::size_t kMostWaiting = 64;

  /// Tells whether a hash is the password's; nothing if that cannot be found out. Called on the thread.
  using PasswordCheck = std::function<std::optional<bool>(const std::string& hash, const std::string& password)>;

  explicit Logins(PasswordCheck check = IsHashOf);

  /// From now on these are the users.
  void Replace(const Users& users);

  boost::asio::awaitable<Verdict> Check(Credentials given);

  /// Ends the thread, when the password is checked that it is at; the others' checks never end. To be called while the
  /// io_context exists that they were begun on.
  void Stop();

 private:
  using Digest = std::array<unsigned char, 32>;
  // Somebody whose password was right.
  struct Known {
    std::string hash;
    Digest digest;
  };

  bool StartThread();
  Digest DigestOf(const std::string& text) const;
  bool IsKnown(const std::string& user, const std::string& hash, const Digest& digest) const;
  std::string HashFor(const std::string& user) const;

  // Of this process, so that a digest says nothing to anybody else.
  std::array<unsigned char, 32> secret_;
  Users users_;
  std::map<std::string, Known> known_;
  const PasswordCheck check_;
  // Shared with the checks, which may end after this object.
  const std::shared_ptr<std::size_t> waiting_ = std::make_shared<std::size_t>(0);
  std::unique_ptr<boost::asio::thread_pool> thread_;
};

}  // namespace mqueue::access

#endif  // DAEMON_ACCESS_LOGINS_H_
