#ifndef DAEMON_HTTP_BODY_H_
#define DAEMON_HTTP_BODY_H_

#include <mutex>
#include <string>
#include <string_view>

namespace mqueue::http {

/// The bytes of a response. They never change, so that any number of responses send them without copying: share a Body
/// as std::shared_ptr<const Body>. Any thread may call any method.
class Body {
 public:
  explicit Body(std::string bytes);
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;

  std::string_view bytes() const { return bytes_; }

  /// bytes() as gzip (RFC 1952), or an empty view when that is not shorter or there was no memory for it. Made by the
  /// first call, which for a megabyte takes some ten milliseconds: whoever makes a large Body on a thread of its own
  /// can call this there, and no request waits for it.
  std::string_view gzip() const;

 private:
  const std::string bytes_;
  mutable std::once_flag compressed_;
  mutable std::string gzip_;
};

}  // namespace mqueue::http

#endif  // DAEMON_HTTP_BODY_H_
