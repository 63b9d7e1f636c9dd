#ifndef DAEMON_HTTP_TOKEN_BUCKET_H_
#define DAEMON_HTTP_TOKEN_BUCKET_H_

#include <chrono>
#include <cstdint>

namespace mqueue::http {

/// Lets through `burst` requests at once and then one in each `interval`. Not thread-safe.
class TokenBucket {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// `interval` is more than 0, `burst` 1 or more; their product is below 200 years. It is full at the beginning.
  TokenBucket(std::chrono::nanoseconds interval, std::uint64_t burst) : interval_(interval), burst_(burst) {}

  /// Takes a token if there is one. `now` never goes back.
  bool Take(TimePoint now);

 private:
  const std::chrono::nanoseconds interval_;
  const std::uint64_t burst_;
  // When the bucket was, or will be, full: every token that is out moves it by an interval.
  TimePoint full_at_;
};

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_TOKEN_BUCKET_H_
