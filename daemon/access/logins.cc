#include "daemon/access/logins.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <exception>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace mqueue::access {

namespace asio = boost::asio;

namespace {

// Errors are values: a check that fails ends neither the thread nor the connection.
constexpr auto kAwait = asio::as_tuple(asio::use_awaitable);

// Counts one check for as long as it exists.
class Counted {
 public:
  explicit Counted(std::shared_ptr<std::size_t> count) : count_(std::move(count)) { ++*count_; }
  ~Counted() { --*count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  const std::shared_ptr<std::size_t> count_;
};

asio::awaitable<std::optional<bool>> CheckOnThread(Logins::PasswordCheck check, std::string hash,
                                                   std::string password) {
  std::optional<bool> right;
  try {
    right = check(hash, password);
  } catch (const std::exception&) {
    right = std::nullopt;
  }
  ::OPENSSL_cleanse(password.data(), password.size());
  co_return right;
}

}  // namespace

Logins::Logins(PasswordCheck check) : check_(std::move(check)) {
  if (::RAND_bytes(secret_.data(), static_cast<int>(secret_.size())) != 1) {
    throw std::runtime_error("the system has no random numbers");
  }
}

void Logins::Replace(const Users& users) {
  users_ = users;
  std::erase_if(known_, [this](const auto& entry) {
    const auto user = users_.find(entry.first);
    return user == users_.end() || user->second != entry.second.hash;
  });
}

asio::awaitable<Logins::Verdict> Logins::Check(Credentials given) {
  const bool exists = users_.contains(given.user);
  const std::string hash = HashFor(given.user);
  const Digest digest = DigestOf(given.password);
  if (exists && IsKnown(given.user, hash, digest)) co_return Verdict::kRight;
  if (users_.empty()) co_return Verdict::kWrong;
  if (*waiting_ >= kMostWaiting || !StartThread()) co_return Verdict::kBusy;
  const Counted counted(waiting_);
  const auto [error, right] =
      co_await asio::co_spawn(thread_->get_executor(), CheckOnThread(check_, hash, std::move(given.password)), kAwait);
  if (error || !right) co_return Verdict::kBusy;
  if (!exists || !*right) co_return Verdict::kWrong;
  // Users may have been replaced meanwhile: then nobody will ask for this hash.
  known_[given.user] = {.hash = hash, .digest = digest};
  co_return Verdict::kRight;
}

// Without a thread to be had, the next password tries again.
bool Logins::StartThread() {
  try {
    if (!thread_) thread_ = std::make_unique<asio::thread_pool>(1);
  } catch (const std::exception&) {
    return false;
  }
  return true;
}

void Logins::Stop() {
  if (!thread_) return;
  thread_->stop();
  thread_->join();
  thread_.reset();
}

Logins::Digest Logins::DigestOf(const std::string& text) const {
  Digest digest{};
  ::HMAC(::EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()),
         reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), nullptr);
  return digest;
}

bool Logins::IsKnown(const std::string& user, const std::string& hash, const Digest& digest) const {
  const auto known = known_.find(user);
  return known != known_.end() && known->second.hash == hash &&
         ::CRYPTO_memcmp(known->second.digest.data(), digest.data(), digest.size()) == 0;
}

// For a user who does not exist it is the hash of one who does, always the same one: where hashes have several costs,
// the names that are nobody's look like somebody's.
std::string Logins::HashFor(const std::string& user) const {
  if (const auto found = users_.find(user); found != users_.end()) return found->second;
  if (users_.empty()) return "";
  std::size_t number = 0;
  std::memcpy(&number, DigestOf(user).data(), sizeof(number));
  return std::next(users_.begin(), static_cast<std::ptrdiff_t>(number % users_.size()))->second;
}

}  // namespace mqueue::access
